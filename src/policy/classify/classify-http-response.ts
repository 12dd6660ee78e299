import { Code, type ConnectError } from "@connectrpc/connect";
import type { AttemptFacts } from "../../call/attempt-facts.js";
import { codeOfHttpStatus } from "../../call/code-of-http-status.js";
import { isGatewayStatus } from "../../utils/gateway-status.js";
import type { Classification } from "./classification.js";

/** Classifies an HTTP response that is not ZITADEL's: from a proxy, a login page or another server, or an incomplete response. */
export function classifyHttpResponse(
  error: ConnectError,
  status: number,
  { isDamaged, misrouting }: AttemptFacts,
): Classification {
  const type = error.metadata.get("content-type")?.split(";")[0]?.trim();
  if (status >= 200 && status < 300) {
    return isDamaged || isOwnType(type ?? "")
      ? classifyDamagedResponse(misrouting)
      : {
          mayBeDone: true,
          isTransient: false,
          override: {
            code: Code.Unknown,
            message: describeForeignResponse(status, type),
            reason: "answer",
          },
        };
  }
  return {
    // A limit rejects the request. The other statuses report on a server behind the proxy, which may be at work: 460 of AWS and
    // 499 of nginx and Traefik mean that the connection to the proxy closed while ZITADEL went on.
    mayBeDone: status >= 500 || [408, 460, 499].includes(status),
    isTransient: status === 408 || status === 429 || isGatewayStatus(status),
    override: {
      code: codeOfHttpStatus(status),
      message: describeForeignResponse(status, type),
      reason: "proxy",
    },
  };
}

function isOwnType(type: string): boolean {
  return /^application\/(?:grpc|json)/.test(type);
}

function describeForeignResponse(status: number, type: string | undefined): string {
  return `the server answered HTTP ${status} with ${type || "no content type"}, which is not a response from ZITADEL`;
}

function classifyDamagedResponse(misrouting: AttemptFacts["misrouting"]): Classification {
  return {
    mayBeDone: true,
    isTransient: true,
    override: {
      code: Code.Unavailable,
      message: "the response was cut off or damaged",
      reason: misrouting ?? "answer",
    },
  };
}
