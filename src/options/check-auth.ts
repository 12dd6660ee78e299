import { findTokenProblem } from "../auth/find-token-problem.js";
import { isTokenSource } from "../auth/is-token-source.js";
import { hasOwnProxy } from "../transport/has-own-proxy.js";
import { isPrivate } from "../utils/is-private.js";
import { describeUnencrypted } from "../zitadel/describe-unencrypted.js";
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
  if (typeof auth !== "function" && !isTokenSource(auth)) {
    const problem = findTokenProblem(auth);
    if (problem !== undefined) {
      throwInvalidOption("auth", optionText`${problem}${phrase.adviseNoAuth}`);
    }
  }
  // The proxy of the option `proxy` gets requests to this machine too. A proxy of the environment does not.
  const hasProxy = hasOwnProxy({ proxy });
  if (baseUrl !== undefined && !isPrivate(baseUrl, hasProxy) && allowInsecureAuth !== true) {
    throwInvalidOption("auth", describeUnencrypted(baseUrl.host, hasProxy));
  }
}
