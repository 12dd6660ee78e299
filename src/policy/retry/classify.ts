import { Code, type ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { provesUnsent } from "../../transport/unsent.js";
import type { Classification } from "./classification.js";
import { classifyHttpResponse } from "./classify-http-response.js";
import { classifyNoResponse } from "./classify-no-response.js";
import { classifyServerError } from "./classify-server-error.js";
import { deepestCode, isMisconfiguration } from "./deepest-code.js";

/**
 * Classifies an error that a transport threw. The cause decides, because the codes that transports give to a broken connection
 * say little.
 */
export function classify(error: ConnectError): Classification {
  const { connectionBroke = false, httpStatus, notDone, ...facts } = AttemptError.factsOf(error);
  const known = httpStatus === undefined ? {} : { httpStatus };
  if (facts.isUnusable) {
    const message = AttemptError.rawMessageOf(error);
    return {
      ...known,
      mayBeDone: true,
      isTransient: false,
      override: { code: error.code, message, reason: "answer" },
    };
  }
  if (facts.isFromZitadel || error.metadata.has("grpc-status")) {
    return { ...known, ...classifyServerError(error), isFromZitadel: true };
  }
  if (error.rawMessage.startsWith("serialize ")) {
    const message = `the request cannot be encoded: ${error.rawMessage.replace(/^serialize \w+: /, "")}`;
    return {
      mayBeDone: false,
      isTransient: false,
      override: { code: Code.InvalidArgument, message, reason: "request" },
    };
  }
  if (notDone === "rejected") {
    const message = "the server rejected the request before processing it";
    return {
      mayBeDone: false,
      isTransient: true,
      isRejectedUnprocessed: true,
      override: { code: Code.Unavailable, message, reason: "connection" },
    };
  }
  if (facts.forwardProxy !== undefined) {
    const message = AttemptError.rawMessageOf(error);
    return {
      mayBeDone: false,
      isTransient: error.code === Code.Unavailable && !isMisconfiguration(deepestCode(error) ?? ""),
      override: { code: error.code, message, reason: "proxy" },
    };
  }
  if (httpStatus !== undefined) {
    return { httpStatus, ...classifyHttpResponse(error, httpStatus, facts.isDamaged) };
  }
  const isUnsent = notDone === "unsent" || provesUnsent(error);
  const classification = classifyNoResponse(error, isUnsent, connectionBroke);
  return facts.isTokenRequest ? withoutOverride(classification) : classification;
}

function withoutOverride({ mayBeDone, isTransient }: Classification): Classification {
  return { mayBeDone, isTransient };
}
