import { Code, type ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-grpc";
import { evidenceOf } from "../transport/evidence.js";
import { provesUnsent } from "../transport/unsent.js";
import type { ErrorReason } from "./zitadel-error.js";

/** What became of a request, as far as its error tells. */
export interface Verdict {
  /** Whether the server may have carried it out. */
  readonly mayBeDone: boolean;
  /** Whether another try may fare better. */
  readonly transient: boolean;
  /** Whether the other side said that it did not begin: then there is nothing to wait for. */
  readonly refused?: boolean;
  readonly httpStatus?: number;
  /** Whether it is ZITADEL's own answer. */
  readonly spoken?: boolean;
  /** What takes the place of code and text, so that they are the same on each wire. None where ZITADEL itself spoke. */
  readonly told?: {
    readonly code: Code;
    readonly message: string;
    readonly reason: ErrorReason;
  };
}

/** Codes of ZITADEL with which it refuses to begin, or finds that there is nothing to do. The others may come from the midst of a write. */
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

/** Of ZITADEL's other codes those that pass; the rest, such as `internal`, comes again with the same request. */
const passing: ReadonlySet<Code> = new Set([Code.Unavailable, Code.Aborted, Code.DeadlineExceeded]);

/** Errors that come before the call is looked at, though their code does not say so: none of the recorded writes was done. */
const beforeTheHandler = /^unable to set instance using origin|^grpc: error unmarshalling request/;

/** A database that is out of time or out of reach. */
const troubledDatabase = /context (?:deadline exceeded|canceled)|^timeout:|db connection error/;

/** Judges an error that a wire threw. By its cause: the codes that the wires give to a broken connection say little. */
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
    const message = `the request cannot be written: ${error.rawMessage.replace(/^serialize \w+: /, "")}`;
    return {
      mayBeDone: false,
      transient: false,
      told: { code: Code.InvalidArgument, message, reason: "request" },
    };
  }
  if (notDone === "refused") {
    const message = "the server refused the request before it began with it";
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

/** HTTP that does not come from this API: a proxy, a login page, another server. Or an answer that is not whole. */
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
    // A limit refuses; the others speak of what is behind them, which may be at work. 460 of AWS and 499 of nginx and Traefik
    // say that the connection to them closed, while ZITADEL went on.
    mayBeDone: status >= 500 || [408, 460, 499].includes(status),
    transient: [408, 429, 502, 503, 504].includes(status),
    told: { code: codeFromHttpStatus(status), message: foreign(status, type), reason: "proxy" },
  };
}

function isOwnType(type: string): boolean {
  return /^application\/(?:grpc|json)/.test(type);
}

function foreign(status: number, type: string | undefined): string {
  return `HTTP ${status} with ${type || "no content type"} came back in the place of an answer of ZITADEL`;
}

function unreadable(cause: ConnectError): Verdict {
  return {
    mayBeDone: true,
    transient: true,
    told: {
      code: Code.Unavailable,
      message: "the answer was cut off or damaged",
      reason: /^missing (?:trailer|status)|missing status$/.test(cause.rawMessage)
        ? "missing-trailers"
        : "answer",
    },
  };
}

/** No answer at all. */
function judgeSilence(error: ConnectError, unsent: boolean, broken: boolean): Verdict {
  if (unsent && error.code !== Code.Unavailable && causeCode(error) === undefined) {
    // Refused on this side, with a text of its own: options, the request, the token.
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
    // Perhaps an interceptor of the caller's that failed: before the call or after it, nobody knows.
    return { mayBeDone: true, transient: false };
  }
  return {
    mayBeDone: true,
    transient: true,
    told: {
      code: Code.Unavailable,
      // Without the code, which each wire has another of; the cause has it.
      message: "the connection broke before the answer came",
      reason: "connection",
    },
  };
}

/** What Connect's own transports and the `fetch` of other runtimes say of a broken connection, without a code. */
function looksBroken({ cause, rawMessage }: ConnectError): boolean {
  return (
    /^http\/2 stream closed|^connection aborted|^PING timed out/.test(rawMessage) ||
    (cause instanceof Error && /fetch|network|load failed|terminated/i.test(cause.message))
  );
}

/** The code of the operating system, of TLS or of Node.js deepest in the chain of causes. */
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

/** What waiting does not mend. */
function isMisconfiguration(code: string): boolean {
  return /^(?:ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|ENOTFOUND)/.test(code);
}
