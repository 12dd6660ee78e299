import { Code, type ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { findDeepestErrorCode } from "../../utils/error-codes.js";
import type { Classification } from "./classification.js";
import { classifyHttpResponse } from "./classify-http-response.js";
import { classifyNoResponse } from "./classify-no-response.js";
import { classifyServerError } from "./classify-server-error.js";
import { isMisconfiguration } from "./is-misconfiguration.js";

/**
 * Classifies an error by the facts that its transport recorded, because the codes that transports give to a broken connection say
 * little. An error without facts comes from an interceptor of the caller. Nothing is known about it, whatever its text and causes are.
 */
export function classify(error: ConnectError): Classification {
  const facts = AttemptError.factsOf(error);
  const { httpStatus, encodingProblem } = facts;
  const known = httpStatus === undefined ? {} : { httpStatus };
  if (facts.isUnusable) {
    return {
      ...known,
      mayBeDone: true,
      isTransient: false,
      override: { code: error.code, reason: "answer" },
    };
  }
  if (facts.isFromZitadel) {
    return { ...known, ...classifyServerError(error), isFromZitadel: true };
  }
  if (encodingProblem !== undefined) {
    const message = `the request cannot be encoded: ${encodingProblem}`;
    return {
      mayBeDone: false,
      isTransient: false,
      override: { code: Code.InvalidArgument, message, reason: "request" },
    };
  }
  if (facts.notDone === "rejected") {
    const message = "the server rejected the request before processing it";
    return {
      mayBeDone: false,
      isTransient: true,
      isRejectedUnprocessed: true,
      override: { code: Code.Unavailable, message, reason: "connection" },
    };
  }
  if (facts.forwardProxy !== undefined) {
    return {
      mayBeDone: false,
      isTransient:
        error.code === Code.Unavailable && !isMisconfiguration(findDeepestErrorCode(error) ?? ""),
      override: { code: error.code, reason: "proxy" },
    };
  }
  if (httpStatus !== undefined) {
    return { httpStatus, ...classifyHttpResponse(error, httpStatus, facts) };
  }
  const classification = classifyNoResponse(error, facts);
  return facts.isTokenRequest ? withoutOverride(classification) : classification;
}

function withoutOverride({ mayBeDone, isTransient }: Classification): Classification {
  return { mayBeDone, isTransient };
}
