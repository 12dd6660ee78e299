import type { WireName } from "../support/wires.js";
import type { Journal, SeenRequest } from "./journal.js";
import { hidesOutcome } from "./planned-faults.js";
import type { Told } from "./told.js";

/** The mistakes that a client must never make. */
export const violations = {
  lost: "told success, and it is not in the store",
  twice: "an Add, a migration or a certificate carried out more than once",
  unreported: "a provider made twice by two runs of apply, and neither said so",
  falselyCertain: "told not_done, and it was done",
  hidden: "told not_done after a fault that hides the outcome",
  unfounded: "told unknown, and nothing had happened that hides the outcome",
  wrongAnswer: "told success with an answer that is not what the store has",
  unexplained: "failed though nothing was wrong",
  foreign: "failed with something that is no ZitadelError",
  late: "ended long after its deadline, or after its caller had aborted",
  resolve: "resolveCreate was wrong, or wrote something",
  audit: "the store in the end is not what all outcomes add up to",
  unhandled: "an unhandled rejection or an uncaught exception",
  openHandle: "something left open when all was closed",
} as const;
export type Violation = keyof typeof violations;

/** All that is known of an operation that has come to its end. */
export interface Evidence {
  readonly wire: WireName;
  readonly isRead: boolean;
  /** True if a second call does no harm. */
  readonly isIdempotent: boolean;
  readonly told: Told;
  readonly requests: readonly SeenRequest[];
  /** True if the store has the effect of the call. */
  readonly isDone: boolean;
  /** The number of objects that the call made. */
  readonly made: number;
  readonly wrongAnswer: string | undefined;
  /** True if the server rejected the call as it had to. */
  readonly isRefused: boolean;
  readonly startedMs: number;
  readonly endedMs: number;
  /** The time by which the call ended after its limit. */
  readonly overrunMs: number;
  readonly isTls: boolean;
}

/** A call may end so much after its deadline: this process is client, network and server, and all of it is busy. */
export const allowanceMs = 500;

/** Compares what the caller was told with what happened. */
export function judgeOperation(evidence: Evidence, journal: Journal): Violation[] {
  const { wire, isRead, isIdempotent, told, requests, isDone, made, overrunMs } = evidence;
  const timesDone = requests.filter(({ events }) => events > 0).length;
  const { outcome, ending, isForeign, hasNoToken } = told;
  const hiding = requests.map(({ chosen }) => chosen && hidesOutcome(chosen.kind, wire));
  const troubled = journal.wasTroubled(wire, evidence.startedMs, evidence.endedMs);
  const struck = requests.some(({ chosen }) => chosen !== undefined);
  const failed = outcome !== "success";
  const wasSilent = isSilenced(evidence, journal);
  const found: Record<
    Exclude<Violation, "unreported" | "resolve" | "audit" | "unhandled" | "openHandle">,
    boolean
  > = {
    lost: !failed && !isRead && (!isDone || timesDone === 0),
    twice: !isIdempotent && (timesDone > 1 || made > 1),
    falselyCertain: outcome === "not_done" && !isRead && (isDone || timesDone > 0),
    hidden: outcome === "not_done" && !isRead && hiding.includes(true),
    unfounded:
      outcome === "unknown" &&
      (isRead ||
        wasSilent ||
        (ending === undefined &&
          !troubled &&
          !hiding.some((each) => each === true || each === "perhaps"))),
    wrongAnswer: !failed && evidence.wrongAnswer !== undefined,
    unexplained:
      failed &&
      (ending === undefined || (ending === "closed" && !troubled)) &&
      !struck &&
      !troubled &&
      !hasNoToken &&
      !evidence.isRefused,
    foreign: isForeign,
    late: overrunMs > allowanceMs,
  };
  return (Object.keys(found) as (keyof typeof found)[]).filter((each) => found[each]);
}

/**
 * Returns true if nothing of an operation can have been sent, because all connections were silent from its start to its end.
 * gRPC sends nothing before the server's first frame, and TLS nothing before the handshake; a plain HTTP/1.1 request may have
 * left.
 */
export function isSilenced(
  { wire, isTls, startedMs, endedMs }: Evidence,
  journal: Journal,
): boolean {
  return (isTls || wire === "grpc") && journal.wasSilent(wire, startedMs, endedMs);
}

/** An operation as it was judged, for the check at the end of the campaign. */
export interface Judged {
  readonly name: string;
  readonly rpc: string;
  readonly outcome: Told["outcome"];
  readonly text: string;
  readonly isIdempotent: boolean;
  readonly endedMs: number;
  /** The number of its requests that had written something by then. */
  readonly writes: number;
}

/** Compares what a caller was told with all that arrived until the end of the campaign, and not only until the operation was judged. */
export function judgeLate(
  { outcome, isIdempotent, writes }: Judged,
  all: readonly SeenRequest[],
): Violation[] {
  const now = all.filter(({ events }) => events > 0).length;
  if (now === writes) {
    return [];
  }
  return outcome === "not_done" ? ["falselyCertain"] : !isIdempotent && now > 1 ? ["twice"] : [];
}
