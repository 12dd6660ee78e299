import { Code, ConnectError } from "@connectrpc/connect";
import { tokenError } from "../auth/token-error.js";
import { evidenceOf, withEvidence } from "../call/evidence.js";
import { parseAddress } from "./auth.js";

/**
 * Creates the error of a call whose token must not be sent to `text`, the URL of the call. `base` is the server that the token is
 * for, if that is known.
 */
export function misdirected(text: string, base: string | URL | undefined): ConnectError {
  const url = parseAddress(text);
  if (url === undefined) {
    return tokenError(
      "the call has no absolute URL, so its token cannot be sent",
      Code.FailedPrecondition,
    );
  }
  const origin = base === undefined ? url.origin : new URL(base).origin;
  return tokenError(
    url.origin === origin
      ? `the token would be sent unencrypted to ${url.host}; use https://, or set allowInsecureAuth: true if that network is yours`
      : `the token is for ${origin}, but an interceptor sends the call to ${url.origin}; create a separate client for that server`,
    Code.FailedPrecondition,
  );
}

/** Sends a rejected call once more with another token. Throws the rejection if the source has no other token. */
export async function renew<T>(
  refusal: ConnectError,
  refused: string,
  token: (refused: string) => Promise<string>,
  send: (token: string) => Promise<T>,
): Promise<T> {
  const other = await token(refused).catch((reason: unknown) => {
    throw noOtherToken(refusal, ConnectError.from(reason));
  });
  if (other === refused) {
    throw refusal;
  }
  return await send(other);
}

/** Creates an error with the server's rejection and the reason why there is no other token. */
function noOtherToken(refusal: ConnectError, reason: ConnectError): ConnectError {
  const error = new ConnectError(
    `${refusal.rawMessage}; no other token is available: ${reason.rawMessage}`,
    Code.Unauthenticated,
    refusal.metadata,
    undefined,
    refusal.cause,
  );
  error.details = refusal.details;
  return withEvidence(error, evidenceOf(refusal));
}
