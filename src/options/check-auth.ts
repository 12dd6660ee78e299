import { findTokenProblem } from "../auth/find-token-problem.js";
import { hasOwnProxy } from "../transport/has-own-proxy.js";
import { isPrivate } from "../utils/is-private.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { AllOptions } from "./all-options.js";
import { throwInvalidOption } from "../utils/option-error.js";

/** Checks the source of tokens, and that its tokens will travel encrypted. */
export function checkAuth(
  auth: AllOptions["auth"],
  baseUrl: URL | undefined,
  { allowInsecureAuth, proxy }: AllOptions,
): void {
  const isSource = typeof auth === "object" && auth !== null && typeof auth.token === "function";
  if (typeof auth === "string" || !(isSource || typeof auth === "function")) {
    const problem = findTokenProblem(auth);
    if (problem !== undefined) {
      throwInvalidOption("auth", optionText`${problem}${phrase.adviseNoAuth}`);
    }
  }
  // The proxy of the option `proxy` gets requests to this machine too. A proxy of the environment does not.
  const hasProxy = hasOwnProxy({ proxy });
  if (baseUrl !== undefined && !isPrivate(baseUrl, hasProxy) && allowInsecureAuth !== true) {
    throwInvalidOption(
      "auth",
      optionText`would be sent unencrypted to ${baseUrl.host}${hasProxy ? " through the proxy" : ""}; use https://, or ${phrase.allowInsecureAuth} if that network is yours`,
    );
  }
}
