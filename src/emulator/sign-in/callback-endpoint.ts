import { ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../../gen/zitadel/message_pb.js";
import { parseFormParameters } from "../oauth/form-parameters.js";
import { OAuthError } from "../oauth/oauth-error.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { StartedIntent } from "../store/started-intent.js";
import type { EndpointHandler, WireRequest, WireResponse } from "../wire/http-message.js";
import { createPlainTextResponse } from "../wire/plain-text-response.js";
import { readRequestedOrigin, rejectUnknownHost } from "../wire/requested-host.js";
import { callbackPath } from "./callback-path.js";
import { exchangeCode } from "./exchange-code.js";
import { findSignInProvider } from "./find-sign-in-provider.js";
import { createUpstreamClient } from "./upstream-client.js";

/**
 * Serves the page to which identity providers send the browser back with a code. The emulator exchanges the code at the provider,
 * and redirects to the failure URL of the sign-in if that fails.
 *
 * A sign-in ends with the exchange: the emulator has no users who sign in, and answers 501 instead of the redirect to the success
 * URL.
 */
export function createCallbackEndpoint(state: EmulatorState): EndpointHandler {
  return (request) => {
    const [path = ""] = request.target.split("?", 1);
    return path === callbackPath ? serveCallback(state, request) : undefined;
  };
}

async function serveCallback(state: EmulatorState, request: WireRequest): Promise<WireResponse> {
  const rejection = rejectUnknownHost(state, request);
  if (rejection !== undefined) {
    return rejection;
  }
  const parameters = readParameters(request);
  const id = parameters?.get("state") ?? "";
  if (parameters === undefined || id === "") {
    return createBadRequestResponse("ID=IDP-Hk38e Message=Errors.Intent.StateMissing");
  }
  const intent = state.intents.get(id);
  if (intent === undefined) {
    return createBadRequestResponse("ID=IDP-gy3ctgkqe7 Message=Errors.Intent.NotStarted");
  }
  if (intent.isEnded) {
    return redirectToFailure(intent, "IDP-Sfrgs", "Errors.Intent.NotStarted");
  }
  intent.isEnded = true;
  const error = parameters.get("error") ?? "";
  if (error !== "") {
    return redirectToFailure(intent, error, parameters.get("error_description") ?? "");
  }
  try {
    await redeemCode(state, intent, parameters.get("code") ?? "", readRequestedOrigin(request));
  } catch (reason) {
    const [detail] = ConnectError.from(reason).findDetails(ErrorDetailSchema);
    return detail?.id
      ? redirectToFailure(intent, detail.id, detail.message)
      : redirectToFailure(intent, detail?.message ?? (reason as Error).message, "");
  }
  return createPlainTextResponse(501, "the emulator ends a sign-in after the code exchange\n");
}

/** Exchanges a code with the current settings of the provider, which may have changed since the start of the sign-in. */
async function redeemCode(
  state: EmulatorState,
  { providerId, codeVerifier }: StartedIntent,
  code: string,
  origin: string,
): Promise<void> {
  const allowPrivate = state.allowPrivateUrls;
  const client = await createUpstreamClient(findSignInProvider(state, providerId), allowPrivate);
  if (code === "") {
    throw new Error("no auth code provided");
  }
  const redirectUri = origin + callbackPath;
  await exchangeCode(client, { code, redirectUri, codeVerifier, allowPrivate });
}

/** Returns the parameters of the query or of a form, or `undefined` if they are malformed. */
function readParameters(request: WireRequest): URLSearchParams | undefined {
  try {
    return parseFormParameters(request);
  } catch (reason) {
    if (reason instanceof OAuthError) {
      return undefined;
    }
    throw reason;
  }
}

function createBadRequestResponse(text: string): WireResponse {
  return createPlainTextResponse(400, `${text}\n`);
}

/** Redirects to the failure URL of a sign-in, with its id and the error. */
function redirectToFailure(
  { id, failureUrl }: StartedIntent,
  error: string,
  description: string,
): WireResponse {
  const [beforeFragment = "", ...fragment] = failureUrl.split("#");
  const [page = "", ...query] = beforeFragment.split("?");
  const parameters = new URLSearchParams(query.join("?"));
  parameters.set("id", id);
  parameters.set("error", error);
  parameters.set("error_description", description);
  parameters.sort();
  const location = [`${page}?${parameters.toString()}`, ...fragment].join("#");
  return { status: 302, headers: [["location", location]] };
}
