import { Code, ConnectError, ZitadelError } from "zitadel-idp";

/** The outcome that the client reported to the caller of an operation. */
export interface ReportedOutcome {
  readonly outcome: "success" | "not_done" | "unknown";
  /** The event that ended the call early: its deadline, its signal, or the end of the client. */
  readonly endedBy: "deadline" | "timeout-signal" | "aborted" | "closed" | undefined;
  /** True if the client concluded the success from the response to a retry. */
  readonly alreadyDone: boolean;
  readonly response: Readonly<Record<string, unknown>> | undefined;
  readonly error: unknown;
  /** True if the error is not a ZitadelError, and therefore has no outcome. */
  readonly isForeign: boolean;
  /** True if the error is about the token: then the client sent nothing. */
  readonly isTokenError: boolean;
  readonly text: string;
}

/** The times after which a call ends early. */
export interface CallTiming {
  readonly timeoutMs: number;
  /** The time from the start of the call until its caller aborts it. Undefined: never. */
  readonly abortAfterMs: number | undefined;
}

const earlyEnds = new Set(["deadline", "timeout-signal", "aborted", "closed"]);

/** Returns the report of a call that succeeded. */
export function reportSuccess(
  response: ReportedOutcome["response"],
  alreadyDone: boolean,
): ReportedOutcome {
  return {
    outcome: "success",
    endedBy: undefined,
    alreadyDone,
    response,
    error: undefined,
    isForeign: false,
    isTokenError: false,
    text: "ok",
  };
}

/** Returns the report of a call that failed with `error`. */
export function reportFailure(error: unknown): ReportedOutcome {
  const isOwn = error instanceof ZitadelError;
  const { code, message } = ConnectError.from(error);
  const reason = isOwn ? error.reason : undefined;
  return {
    outcome: isOwn ? error.outcome : "unknown",
    endedBy:
      reason !== undefined && earlyEnds.has(reason)
        ? (reason as ReportedOutcome["endedBy"])
        : undefined,
    alreadyDone: false,
    response: undefined,
    error,
    isForeign: !isOwn,
    isTokenError: /\btoken\b/.test(message),
    text: `${Code[code]} ${message}`,
  };
}
