import type { Message } from "../../utils/message.js";
import { Code, type ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { codeOfHttpStatus } from "../../call/code-of-http-status.js";
import { provesUnsent } from "../../transport/unsent.js";
import { isGatewayStatus } from "../../utils/gateway-status.js";
import type { ErrorReason } from "../errors/error-reason.js";
import { isError } from "../../utils/is-error.js";

/** The classification of a failed attempt, as far as its error shows. */
export interface Classification {
  /** True if the server may have carried out the request, provided that it was sent. */
  readonly mayBeDone: boolean;
  /** True if another attempt may succeed. */
  readonly isTransient: boolean;
  /** True if the server reported that it did not begin the request. The first retry then needs no pause. */
  readonly isRejectedUnprocessed?: boolean;
  readonly httpStatus?: number;
  /** True if ZITADEL itself sent the error. */
  readonly isFromZitadel?: boolean;
  /**
   * The code and text that replace those of the error, so that they are the same on each wire protocol. Undefined if ZITADEL
   * itself sent the error.
   */
  readonly override?: {
    readonly code: Code;
    readonly message: Message;
    readonly reason: ErrorReason;
  };
}

/**
 * Codes with which ZITADEL rejects a request before it begins, or reports that there is nothing to do. The other codes may come
 * from the middle of a write.
 */
const rejections: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.ResourceExhausted,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.Unimplemented,
  Code.Unauthenticated,
]);

/** The temporary ones of ZITADEL's other codes. The rest, such as `internal`, returns for the same request. */
const temporary: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Aborted,
  Code.DeadlineExceeded,
]);

/**
 * Errors that ZITADEL sends before the handler runs, although their codes do not show it: none of the recorded writes was carried
 * out.
 */
const beforeHandler = /^unable to set instance using origin|^grpc: error unmarshalling request/;

/** Texts that mean that the database is overloaded or unreachable. */
const databaseTrouble = /context (?:deadline exceeded|canceled)|^timeout:|db connection error/;

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
    return { httpStatus, ...classifyHttpResponse(error, httpStatus) };
  }
  const isUnsent = notDone === "unsent" || provesUnsent(error);
  const classification = classifyNoResponse(error, isUnsent, connectionBroke);
  return facts.isTokenRequest ? withoutOverride(classification) : classification;
}

function withoutOverride({ mayBeDone, isTransient }: Classification): Classification {
  return { mayBeDone, isTransient };
}

function classifyServerError({ code, rawMessage }: ConnectError): Classification {
  const isBeforeHandler = beforeHandler.test(rawMessage);
  const isDatabaseTrouble = databaseTrouble.test(rawMessage);
  return {
    mayBeDone: !isBeforeHandler && !rejections.has(code),
    isTransient:
      temporary.has(code) ||
      ((code === Code.Internal || code === Code.Unknown) && isDatabaseTrouble),
  };
}

/** Classifies an HTTP response that is not ZITADEL's: from a proxy, a login page or another server, or an incomplete response. */
function classifyHttpResponse(error: ConnectError, status: number): Classification {
  const type = error.metadata.get("content-type")?.split(";")[0]?.trim();
  if (status >= 200 && status < 300) {
    return isOwnType(type ?? "")
      ? classifyDamagedResponse(error)
      : {
          mayBeDone: true,
          isTransient: false,
          override: { code: Code.Unknown, message: notFromZitadel(status, type), reason: "answer" },
        };
  }
  return {
    // A limit rejects the request. The other statuses report on a server behind the proxy, which may be at work: 460 of AWS and
    // 499 of nginx and Traefik mean that the connection to the proxy closed while ZITADEL went on.
    mayBeDone: status >= 500 || [408, 460, 499].includes(status),
    isTransient: status === 408 || status === 429 || isGatewayStatus(status),
    override: {
      code: codeOfHttpStatus(status),
      message: notFromZitadel(status, type),
      reason: "proxy",
    },
  };
}

function isOwnType(type: string): boolean {
  return /^application\/(?:grpc|json)/.test(type);
}

function notFromZitadel(status: number, type: string | undefined): string {
  return `HTTP ${status} with ${type || "no content type"} came back instead of a response of ZITADEL`;
}

function classifyDamagedResponse(cause: ConnectError): Classification {
  return {
    mayBeDone: true,
    isTransient: true,
    override: {
      code: Code.Unavailable,
      message: "the response was cut off or damaged",
      reason: /^missing (?:trailer|status)|missing status$/.test(cause.rawMessage)
        ? "missing-trailers"
        : "answer",
    },
  };
}

/** Classifies a request without any response. */
function classifyNoResponse(
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

/** Returns the deepest error code in the chain of causes: of the operating system, of TLS or of Node.js. */
function deepestCode(error: unknown): string | undefined {
  let found: string | undefined;
  for (let each = error, depth = 0; isError(each) && depth < 10; each = each.cause, depth++) {
    if ("code" in each && typeof each.code === "string") {
      found = each.code;
    }
  }
  return found;
}

/** Returns true for error codes of a misconfiguration, which waiting does not fix. */
function isMisconfiguration(code: string): boolean {
  return /^(?:ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|ENOTFOUND)/.test(code);
}
