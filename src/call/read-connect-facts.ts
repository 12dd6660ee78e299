import type { ConnectError } from "@connectrpc/connect";
import { findDeepestErrorCode } from "../utils/error-codes.js";
import { isError } from "../utils/is-error.js";
import type { AttemptFacts } from "./attempt-facts.js";
import { provesUnsent } from "./proves-unsent.js";

/**
 * Reads the facts about an error of a transport of the caller, from its causes and from the texts that Connect's transports have.
 * Our transports throw facts instead. Never call this with the error of an interceptor, whose text may be anything.
 */
export function readConnectFacts(error: ConnectError): AttemptFacts {
  const { rawMessage, cause, metadata } = error;
  const [, encodingProblem] = /^serialize (?:binary|JSON): (.*)/s.exec(rawMessage) ?? [];
  const [, http2Code] =
    /^http\/2 stream closed with error code \w+ \(0x(\w+)\)/.exec(rawMessage) ?? [];
  return {
    isFromZitadel: metadata.has("grpc-status"),
    encodingProblem,
    notDone: provesUnsent(error) ? "unsent" : undefined,
    connectionBroke:
      http2Code !== undefined ||
      findDeepestErrorCode(error) !== undefined ||
      /^connection aborted|^PING timed out/.test(rawMessage) ||
      // The texts of a broken connection in the `fetch` of each runtime.
      (isError(cause) && /fetch|network|load failed|terminated/i.test(cause.message)),
    http2ErrorCode: http2Code === undefined ? undefined : Number(`0x${http2Code}`),
    misrouting: /^(?:protocol error: )?missing (?:trailer|status)$/.test(rawMessage)
      ? "missing-trailers"
      : undefined,
  };
}
