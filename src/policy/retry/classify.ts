import { Code, type ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-grpc";
import { evidenceOf } from "../../call/evidence.js";
import { provesUnsent } from "../../transport/unsent.js";
import type { ErrorReason } from "../errors/zitadel-error.js";

/** The classification of a failed request, as far as its error shows. */
export interface Verdict {
  /** True if the server may have carried out the request. */
  readonly mayBeDone: boolean;
  /** True if another attempt may succeed. */
  readonly transient: boolean;
  /** True if the server reported that it did not begin the request. The first retry then needs no pause. */
  readonly refused?: boolean;
  readonly httpStatus?: number;
  /** True if ZITADEL itself sent the error. */
  readonly spoken?: boolean;
  /**
   * The code and text that replace those of the error, so that they are the same on each wire protocol. Undefined if ZITADEL
   * itself sent the error.
   */
  readonly told?: {
    readonly code: Code;
    readonly message: string;
    readonly reason: ErrorReason;
  };
}

/**
 * Codes with which ZITADEL rejects a request before it begins, or reports that there is nothing to do. The other codes may come
 * from the middle of a write.
 */
const refusals: ReadonlySet<Code> = new Set([
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
const passing: ReadonlySet<Code> = new Set([Code.Unavailable, Code.Aborted, Code.DeadlineExceeded]);

/**
 * Errors that ZITADEL sends before the handler runs, although their codes do not show it: none of the recorded writes was carried
 * out.
 */
const beforeTheHandler = /^unable to set instance using origin|^grpc: error unmarshalling request/;

/** Texts that mean that the database is overloaded or unreachable. */
const troubledDatabase = /context (?:deadline exceeded|canceled)|^timeout:|db connection error/;

/**
 * Classifies an error that a transport threw. The cause decides, because the codes that transports give to a broken connection
 * say little.
 */
export function judge(error: ConnectError): Verdict {
  const { broken = false, httpStatus, notDone, spoken, useless } = evidenceOf(error);
  const known = httpStatus === undefined ? {} : { httpStatus };
  if (useless) {
    const { code, rawMessage: message } = error;
    return {
      ...known,
      mayBeDone: true,
      transient: false,
      told: { code, message, reason: "answer" },
    };
  }
  if (spoken || error.metadata.has("grpc-status")) {
    return { ...known, ...judgeWord(error), spoken: true };
  }
  if (error.rawMessage.startsWith("serialize ")) {
    const message = `the request cannot be encoded: ${error.rawMessage.replace(/^serialize \w+: /, "")}`;
    return {
      mayBeDone: false,
      transient: false,
      told: { code: Code.InvalidArgument, message, reason: "request" },
    };
  }
  if (notDone === "refused") {
    const message = "the server rejected the request before processing it";
    return {
      mayBeDone: false,
      transient: true,
      refused: true,
      told: { code: Code.Unavailable, message, reason: "connection" },
    };
  }
  if (httpStatus !== undefined) {
    return { httpStatus, ...judgeAnswer(error, httpStatus) };
  }
  return judgeSilence(error, notDone === "unsent" || provesUnsent(error), broken);
}

function judgeWord({ code, rawMessage }: ConnectError): Verdict {
  const before = beforeTheHandler.test(rawMessage);
  const troubled = troubledDatabase.test(rawMessage);
  return {
    mayBeDone: !before && !refusals.has(code),
    transient: passing.has(code) || ((code === Code.Internal || code === Code.Unknown) && troubled),
  };
}

/** Classifies an HTTP response that is not ZITADEL's: from a proxy, a login page or another server, or an incomplete response. */
function judgeAnswer(error: ConnectError, status: number): Verdict {
  const type = error.metadata.get("content-type")?.split(";")[0]?.trim();
  if (status >= 200 && status < 300) {
    return isOwnType(type ?? "")
      ? unreadable(error)
      : {
          mayBeDone: true,
          transient: false,
          told: { code: Code.Unknown, message: foreign(status, type), reason: "answer" },
        };
  }
  return {
    // A limit rejects the request. The other statuses report on a server behind the proxy, which may be at work: 460 of AWS and
    // 499 of nginx and Traefik mean that the connection to the proxy closed while ZITADEL went on.
    mayBeDone: status >= 500 || [408, 460, 499].includes(status),
    transient: [408, 429, 502, 503, 504].includes(status),
    told: { code: codeFromHttpStatus(status), message: foreign(status, type), reason: "proxy" },
  };
}

function isOwnType(type: string): boolean {
  return /^application\/(?:grpc|json)/.test(type);
}

function foreign(status: number, type: string | undefined): string {
  return `HTTP ${status} with ${type || "no content type"} came back instead of a response of ZITADEL`;
}

function unreadable(cause: ConnectError): Verdict {
  return {
    mayBeDone: true,
    transient: true,
    told: {
      code: Code.Unavailable,
      message: "the response was cut off or damaged",
      reason: /^missing (?:trailer|status)|missing status$/.test(cause.rawMessage)
        ? "missing-trailers"
        : "answer",
    },
  };
}

/** Classifies a request without any response. */
function judgeSilence(error: ConnectError, unsent: boolean, broken: boolean): Verdict {
  if (unsent && error.code !== Code.Unavailable && causeCode(error) === undefined) {
    // The client rejected the request, with a text of its own about options, the request or the token.
    return { mayBeDone: false, transient: false };
  }
  const code = causeCode(error);
  if (unsent) {
    return code === undefined
      ? { mayBeDone: false, transient: true }
      : {
          mayBeDone: false,
          transient: !isMisconfiguration(code),
          told: {
            code: Code.Unavailable,
            message: `the server cannot be reached (${code})`,
            reason: "unreachable",
          },
        };
  }
  if (!broken && code === undefined && !looksBroken(error)) {
    // The error may come from an interceptor of the caller, which may have thrown before or after the call.
    return { mayBeDone: true, transient: false };
  }
  return {
    mayBeDone: true,
    transient: true,
    told: {
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
    (cause instanceof Error && /fetch|network|load failed|terminated/i.test(cause.message))
  );
}

/** Returns the deepest error code in the chain of causes: of the operating system, of TLS or of Node.js. */
function causeCode(error: unknown): string | undefined {
  let found: string | undefined;
  for (
    let each = error, depth = 0;
    each instanceof Error && depth < 10;
    each = each.cause, depth++
  ) {
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
