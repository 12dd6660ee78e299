import { Code, type ConnectError } from "@connectrpc/connect";
import type { AttemptFacts } from "../../call/attempt-facts.js";
import { findDeepestErrorCode } from "../../utils/error-codes.js";
import type { Classification } from "./classification.js";
import { isMisconfiguration } from "./is-misconfiguration.js";

/** Classifies a request without any response. */
export function classifyNoResponse(
  error: ConnectError,
  { notDone, connectionBroke }: AttemptFacts,
): Classification {
  if (notDone !== undefined) {
    return classifyUnsent(error);
  }
  if (!connectionBroke) {
    // The error comes from an interceptor of the caller, which may have thrown before or after the call.
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

function classifyUnsent(error: ConnectError): Classification {
  const code = findDeepestErrorCode(error);
  if (code === undefined) {
    // Any other code than `unavailable` is about options, the request or the token.
    return { mayBeDone: false, isTransient: error.code === Code.Unavailable };
  }
  return {
    mayBeDone: false,
    isTransient: !isMisconfiguration(code),
    override: {
      code: Code.Unavailable,
      message: `the server cannot be reached (${code})`,
      reason: "unreachable",
    },
  };
}
