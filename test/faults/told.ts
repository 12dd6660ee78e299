import { Code, ConnectError, ZitadelError } from "zitadel-idp";

/** The outcome that the caller of an operation was told, and the time. */
export interface Told {
  readonly outcome: "success" | "not_done" | "unknown";
  /** The limit of the caller that ended the call: its deadline, its signal, or the end of the client. */
  readonly ending: "deadline" | "timeout-signal" | "aborted" | "closed" | undefined;
  /** That the success was concluded from the answer to a repeat. */
  readonly alreadyDone: boolean;
  readonly answer: Readonly<Record<string, unknown>> | undefined;
  readonly error: unknown;
  /** A failure that is no ZitadelError tells nothing of its outcome. */
  readonly isForeign: boolean;
  /** True if no token could be had: then nothing was sent. */
  readonly hasNoToken: boolean;
  readonly text: string;
}

/** The limits of one call. */
export interface CallLimits {
  readonly timeoutMs: number;
  /** When the caller gives up, in milliseconds after the start. */
  readonly abortMs: number | undefined;
}

const endings = new Set(["deadline", "timeout-signal", "aborted", "closed"]);

export function toldSuccess(answer: Told["answer"], alreadyDone: boolean): Told {
  return {
    outcome: "success",
    ending: undefined,
    alreadyDone,
    answer,
    error: undefined,
    isForeign: false,
    hasNoToken: false,
    text: "ok",
  };
}

export function toldFailure(error: unknown): Told {
  const isOwn = error instanceof ZitadelError;
  const { code, message } = ConnectError.from(error);
  const reason = isOwn ? error.reason : undefined;
  return {
    outcome: isOwn ? error.outcome : "unknown",
    ending: reason !== undefined && endings.has(reason) ? (reason as Told["ending"]) : undefined,
    alreadyDone: false,
    answer: undefined,
    error,
    isForeign: !isOwn,
    hasNoToken: /\btoken\b/.test(message),
    text: `${Code[code]} ${message}`,
  };
}
