import { Code, type ConnectError } from "@connectrpc/connect";
import { isError } from "../../utils/is-error.js";
import type { Classification } from "./classification.js";
import { deepestCode, isMisconfiguration } from "./deepest-code.js";

/** Classifies a request without any response. */
export function classifyNoResponse(
  error: ConnectError,
  isUnsent: boolean,
  connectionBroke: boolean,
): Classification {
  if (isUnsent && error.code !== Code.Unavailable && deepestCode(error) === undefined) {
    // The client rejected the request, with a text of its own about options, the request or the token.
    return { mayBeDone: false, isTransient: false };
  }
  const code = deepestCode(error);
  if (isUnsent) {
    return code === undefined
      ? { mayBeDone: false, isTransient: true }
      : {
          mayBeDone: false,
          isTransient: !isMisconfiguration(code),
          override: {
            code: Code.Unavailable,
            message: `the server cannot be reached (${code})`,
            reason: "unreachable",
          },
        };
  }
  if (!connectionBroke && code === undefined && !looksBroken(error)) {
    // The error may come from an interceptor of the caller, which may have thrown before or after the call.
    return { mayBeDone: true, isTransient: false };
  }
  return {
    mayBeDone: true,
    isTransient: true,
    override: {
      code: Code.Unavailable,
      // The text omits the error code, because it differs between wire protocols. The cause has it.
      message: "the connection broke before the response arrived",
      reason: "connection",
    },
  };
}

/**
 * Returns true for the texts that Connect's own transports and the `fetch` of other runtimes use for a broken connection without
 * an error code.
 */
function looksBroken({ cause, rawMessage }: ConnectError): boolean {
  return (
    /^http\/2 stream closed|^connection aborted|^PING timed out/.test(rawMessage) ||
    (isError(cause) && /fetch|network|load failed|terminated/i.test(cause.message))
  );
}
