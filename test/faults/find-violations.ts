import type { WireName } from "../support/wires.js";
import type { Journal, RecordedRequest } from "./journal.js";
import { hidesOutcome } from "./call-faults.js";
import type { ReportedOutcome } from "./reported-outcome.js";

/** The mistakes that a client must never make. */
export const violations = {
  lost: "reported success, but the store does not have the effect",
  duplicate: "carried out an add, a migration or a new certificate more than once",
  unreportedDuplicate: "two runs of apply created one provider twice, and neither reported it",
  wrongNotDone: "reported not_done, but the server carried out the call",
  uncertainNotDone: "reported not_done after a fault that hides the outcome",
  needlessUnknown: "reported unknown, but nothing hid the outcome",
  wrongResponse: "reported success with a response that differs from the store",
  unexplainedFailure: "failed without a fault or disruption",
  foreignError: "failed with an error that is not a ZitadelError",
  late: "ended long after its deadline, or after its caller aborted it",
  wrongResolve: "resolveCreate returned a wrong result, or wrote to the store",
  stateMismatch: "the final store differs from the state that all reported outcomes imply",
  unhandledError: "an unhandled rejection or an uncaught exception",
  openHandle: "a socket or timer was still open after everything was closed",
} as const;
export type Violation = keyof typeof violations;

/** The facts about an operation that has ended. */
export interface OperationRecord {
  readonly wire: WireName;
  readonly isRead: boolean;
  /** True if a second call does no harm. */
  readonly isIdempotent: boolean;
  readonly reported: ReportedOutcome;
  readonly requests: readonly RecordedRequest[];
  /** True if the store has the effect of the call. */
  readonly isInStore: boolean;
  /** The number of objects that the call created. */
  readonly createdCount: number;
  readonly responseMistake: string | undefined;
  /** True if the server correctly rejected the call. */
  readonly isExpectedRejection: boolean;
  readonly startedMs: number;
  readonly endedMs: number;
  /** The time from the deadline or abort of the call to its end. */
  readonly overrunMs: number;
  readonly isTls: boolean;
}

/** The longest time that a call may take after its deadline. Client, network and server share this busy process. */
const maxOverrunMs = 500;

/** The violations that one operation can have. The campaign finds the others elsewhere. */
type OperationViolation = Exclude<
  Violation,
  "unreportedDuplicate" | "wrongResolve" | "stateMismatch" | "unhandledError" | "openHandle"
>;

/** Compares the reported outcome of an operation with its recorded requests and the store. Returns the violations. */
export function findViolations(record: OperationRecord, journal: Journal): Violation[] {
  const { wire, isRead, isIdempotent, reported, requests, isInStore, createdCount } = record;
  const { outcome, endedBy, isForeign, isTokenError } = reported;
  const writes = requests.filter(({ events }) => events > 0).length;
  const hiding = requests.map(({ fault }) => fault && hidesOutcome(fault.kind, wire));
  const wasDisrupted = journal.wasDisrupted(wire, record.startedMs, record.endedMs);
  const hasFault = requests.some(({ fault }) => fault !== undefined);
  const failed = outcome !== "success";
  const wasUnsent = isCertainlyUnsent(record, journal);
  const found: Record<OperationViolation, boolean> = {
    lost: !failed && !isRead && (!isInStore || writes === 0),
    duplicate: !isIdempotent && (writes > 1 || createdCount > 1),
    wrongNotDone: outcome === "not_done" && !isRead && (isInStore || writes > 0),
    uncertainNotDone: outcome === "not_done" && !isRead && hiding.includes(true),
    needlessUnknown:
      outcome === "unknown" &&
      (isRead ||
        wasUnsent ||
        (endedBy === undefined &&
          !wasDisrupted &&
          !hiding.some((each) => each === true || each === "maybe"))),
    wrongResponse: !failed && record.responseMistake !== undefined,
    unexplainedFailure:
      failed &&
      (endedBy === undefined || (endedBy === "closed" && !wasDisrupted)) &&
      !hasFault &&
      !wasDisrupted &&
      !isTokenError &&
      !record.isExpectedRejection,
    foreignError: isForeign,
    late: record.overrunMs > maxOverrunMs,
  };
  return (Object.keys(found) as (keyof typeof found)[]).filter((each) => found[each]);
}

/**
 * Returns true if a client cannot have sent a request of the operation, because all connections were in a black hole from its
 * start to its end. gRPC sends no request before the server's first frame, and TLS none before the handshake. A plain HTTP/1.1
 * request may have been sent.
 */
export function isCertainlyUnsent(
  { wire, isTls, startedMs, endedMs }: OperationRecord,
  journal: Journal,
): boolean {
  return (isTls || wire === "grpc") && journal.wasBlackholed(wire, startedMs, endedMs);
}

/** A write that was checked when it ended, and is checked again at the end of the campaign. */
export interface CheckedWrite {
  readonly name: string;
  readonly rpc: string;
  readonly outcome: ReportedOutcome["outcome"];
  readonly text: string;
  readonly isIdempotent: boolean;
  readonly endedMs: number;
  /** The number of its requests that had changed the store by the time of the first check. */
  readonly writes: number;
}

/** Compares a reported outcome with all requests until the end of the campaign. Finds requests that came after the first check. */
export function findLateViolations(
  { outcome, isIdempotent, writes }: CheckedWrite,
  requests: readonly RecordedRequest[],
): Violation[] {
  const finalWrites = requests.filter(({ events }) => events > 0).length;
  if (finalWrites === writes) {
    return [];
  }
  if (outcome === "not_done") {
    return ["wrongNotDone"];
  }
  return !isIdempotent && finalWrites > 1 ? ["duplicate"] : [];
}
