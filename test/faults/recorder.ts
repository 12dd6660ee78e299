import type { WireName } from "../support/wires.js";
import type { RecordedRequest } from "./journal.js";
import type { OutcomeKind, Summary, WireFigures } from "./summary.js";
import type { ReportedOutcome } from "./reported-outcome.js";
import {
  type CheckedWrite,
  type OperationRecord,
  type Violation,
  violations as violationTexts,
} from "./find-violations.js";

/** The number of violations of each kind that the summary describes. */
const maxExamples = 5;

/** Collects the figures of a campaign. */
export interface Recorder {
  readonly wires: Partial<Record<WireName, WireFigures>>;
  readonly rpcs: ReadonlySet<string>;
  readonly done: number;
  readonly violations: Record<Violation, number>;
  readonly examples: string[];
  readonly resolvedCreates: Summary["resolved"];
  repeatedWrites: number;
  unknownDone: number;
  unknownNotDone: number;
  worstOverrunMs: number;
  overTls: number;
  unsent: number;
  /** All writes so far. */
  readonly checkedWrites: readonly CheckedWrite[];
  recordOperation(
    name: string,
    rpc: string,
    record: OperationRecord,
    found: readonly Violation[],
  ): void;
  countResolved(result: keyof Summary["resolved"]): void;
  addViolation(kind: Violation, example: string): void;
}

export function createRecorder(): Recorder {
  const rpcs = new Set<string>();
  const violations = Object.fromEntries(
    Object.keys(violationTexts).map((each) => [each, 0]),
  ) as Record<Violation, number>;
  const resolvedCreates = { found: 0, nothing: 0, unread: 0 };
  const checkedWrites: CheckedWrite[] = [];
  let done = 0;
  const recorder: Recorder = {
    wires: {},
    rpcs,
    get done() {
      return done;
    },
    violations,
    examples: [],
    resolvedCreates,
    repeatedWrites: 0,
    unknownDone: 0,
    unknownNotDone: 0,
    worstOverrunMs: 0,
    overTls: 0,
    unsent: 0,
    checkedWrites,
    recordOperation(name, rpc, record, found) {
      done++;
      rpcs.add(rpc);
      countOutcome(recorder, record);
      if (!record.isRead) {
        const { reported, isIdempotent, endedMs } = record;
        const { outcome, text } = reported;
        const writes = countWrites(record);
        checkedWrites.push({ name, rpc, outcome, text, isIdempotent, endedMs, writes });
      }
      for (const each of found) {
        recorder.addViolation(each, describeOperation(name, rpc, record));
      }
    },
    countResolved: (result) => void resolvedCreates[result]++,
    addViolation(kind, example) {
      if (++violations[kind] <= maxExamples) {
        recorder.examples.push(`${kind}: ${example}`);
      }
    },
  };
  return recorder;
}

/** Adds one operation to the figures of its wire protocol and of the campaign. */
function countOutcome(recorder: Recorder, record: OperationRecord): void {
  const { wire, reported, requests, isRead, isIdempotent, isInStore, overrunMs, isTls } = record;
  const figures = (recorder.wires[wire] ??= { operations: 0, requests: 0, outcomes: {} });
  figures.operations++;
  figures.requests += requests.length;
  const kind = findKind(reported);
  figures.outcomes[kind] = (figures.outcomes[kind] ?? 0) + 1;
  if (reported.outcome === "unknown" && !isRead) {
    recorder[isInStore ? "unknownDone" : "unknownNotDone"]++;
  }
  recorder.overTls += isTls ? 1 : 0;
  if (isIdempotent && countWrites(record) > 1) {
    recorder.repeatedWrites++;
  }
  recorder.worstOverrunMs = Math.max(recorder.worstOverrunMs, overrunMs);
}

function countWrites({ requests }: OperationRecord): number {
  return requests.filter(({ events }) => events > 0).length;
}

function findKind({ outcome, endedBy }: ReportedOutcome): OutcomeKind {
  return endedBy === undefined || outcome === "success"
    ? outcome
    : `${endedBy === "timeout-signal" ? "deadline" : endedBy} ${outcome}`;
}

function describeOperation(name: string, rpc: string, record: OperationRecord): string {
  const { reported, requests, isInStore, responseMistake, overrunMs } = record;
  const described = requests.map((each) => describeRequest(each, record.endedMs));
  return [
    `${name} ${rpc.slice(rpc.lastIndexOf(".") + 1)}: reported ${reported.outcome} (${reported.text})`,
    `${isInStore ? "" : "not "}in the store; requests: ${described.join(" ") || "none"}`,
    ...(responseMistake === undefined ? [] : [responseMistake]),
    ...(overrunMs > 0 ? [`${Math.round(overrunMs)} ms late`] : []),
  ].join("; ");
}

/** Describes a recorded request, with its start in milliseconds from the end of the call. */
export function describeRequest(
  { fault, events, isClientGone, outcome, rpc, startedMs }: RecordedRequest,
  endedMs: number,
): string {
  const parts = [
    rpc?.slice(rpc.indexOf("/") + 1) ?? "not parsed",
    fault?.kind.name ?? "no fault",
    `${events} events`,
    outcome ?? "in progress",
    ...(isClientGone ? ["client gone"] : []),
    `${Math.round(startedMs - endedMs)} ms`,
  ];
  return `[${parts.join(", ")}]`;
}
