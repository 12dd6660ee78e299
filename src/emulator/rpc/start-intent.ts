import { Code } from "@connectrpc/connect";
import type { StartIdentityProviderIntentRequest } from "../../../gen/zitadel/user/v2/user_service_pb.js";
import { createUnemulatedError } from "../sign-in/unemulated-error.js";
import { createServerError } from "../errors/server-error.js";
import { parseGoUrl } from "../../formats/parse-go-url.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";
import { addIntent } from "../store/started-intent.js";
import { callbackPath } from "../sign-in/callback-path.js";
import { createCodeChallenge, createCodeVerifier } from "../sign-in/code-verifier.js";
import { findSignInProvider } from "../sign-in/find-sign-in-provider.js";
import { createUpstreamClient } from "../sign-in/upstream-client.js";
import { writeAuthorizationUrl } from "../sign-in/write-authorization-url.js";

/** Starts a sign-in with a provider, and returns the URL of its authorization endpoint. */
export async function startIntent(
  { idpId, content }: StartIdentityProviderIntentRequest,
  { state, origin }: RpcContext,
): Promise<ResponseFields> {
  if (content.case !== "urls") {
    throw createUnemulatedError("a sign-in without urls");
  }
  const client = await createUpstreamClient(
    findSignInProvider(state, idpId),
    state.allowPrivateUrls,
  );
  const { successUrl, failureUrl } = content.value;
  checkUrl(successUrl, "COMMAND-x8j3bk", "Errors.Intent.SuccessURLMissing");
  checkUrl(failureUrl, "COMMAND-x8j4bk", "Errors.Intent.FailureURLMissing");
  const id = state.clock.newId();
  const codeVerifier = client.usesPkce ? createCodeVerifier() : undefined;
  const startedAt = state.clock.now();
  addIntent(state.intents, { id, providerId: idpId, failureUrl, codeVerifier, isEnded: false });
  return {
    details: { sequence: 1n, changeDate: startedAt, resourceOwner: state.instance.id },
    nextStep: {
      case: "authUrl",
      value: writeAuthorizationUrl(client, {
        state: id,
        redirectUri: origin + callbackPath,
        codeChallenge: codeVerifier && (await createCodeChallenge(codeVerifier)),
      }),
    },
  };
}

function checkUrl(url: string, id: string, key: string): void {
  if (parseGoUrl(url) === undefined) {
    throw createServerError(Code.InvalidArgument, id, key);
  }
}
