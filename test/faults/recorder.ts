import type { WireName } from "../support/wires.js";
import type { SeenRequest } from "./journal.js";
import type { Kind, Summary, WireFigures } from "./summary.js";
import type { Told } from "./told.js";
import { type Evidence, type Judged, type Violation, violations } from "./verdict.js";

/** The number of violations of each kind that are reported in full. */
const maxExamples = 5;

/** Gathers the figures of a campaign. */
export interface Recorder {
  readonly wires: Partial<Record<WireName, WireFigures>>;
  readonly rpcs: ReadonlySet<string>;
  readonly done: number;
  readonly found: Record<Violation, number>;
  readonly examples: string[];
  readonly resolvedCreates: Summary["resolved"];
  repeatedWrites: number;
  unknownDone: number;
  unknownNotDone: number;
  worstOverrunMs: number;
  overTls: number;
  silenced: number;
  /** The writes so far. */
  readonly judged: readonly Judged[];
  operation(name: string, rpc: string, evidence: Evidence, judge: () => readonly Violation[]): void;
  resolved(how: keyof Summary["resolved"]): void;
  violation(kind: Violation, example: string): void;
}

export function createRecorder(): Recorder {
  const rpcs = new Set<string>();
  const found = Object.fromEntries(Object.keys(violations).map((each) => [each, 0])) as Record<
    Violation,
    number
  >;
  const resolvedCreates = { found: 0, nothing: 0, unread: 0 };
  const judged: Judged[] = [];
  let done = 0;
  const recorder: Recorder = {
    wires: {},
    rpcs,
    get done() {
      return done;
    },
    found,
    examples: [],
    resolvedCreates,
    repeatedWrites: 0,
    unknownDone: 0,
    unknownNotDone: 0,
    worstOverrunMs: 0,
    overTls: 0,
    silenced: 0,
    judged,
    operation(name, rpc, evidence, judge) {
      const { wire, told, requests, isRead, isIdempotent, isDone, overrunMs, endedMs } = evidence;
      done++;
      rpcs.add(rpc);
      const figures = (recorder.wires[wire] ??= { operations: 0, requests: 0, outcomes: {} });
      figures.operations++;
      figures.requests += requests.length;
      const kind = kindOf(told);
      figures.outcomes[kind] = (figures.outcomes[kind] ?? 0) + 1;
      if (told.outcome === "unknown" && !isRead) {
        recorder[isDone ? "unknownDone" : "unknownNotDone"]++;
      }
      const writes = requests.filter(({ events }) => events > 0).length;
      if (!isRead) {
        const { outcome, text } = told;
        judged.push({ name, rpc, outcome, text, isIdempotent, endedMs, writes });
      }
      recorder.overTls += evidence.isTls ? 1 : 0;
      if (isIdempotent && writes > 1) {
        recorder.repeatedWrites++;
      }
      recorder.worstOverrunMs = Math.max(recorder.worstOverrunMs, overrunMs);
      for (const each of judge()) {
        recorder.violation(each, describe(name, rpc, evidence));
      }
    },
    resolved: (how) => void resolvedCreates[how]++,
    violation(kind, example) {
      if (++found[kind] <= maxExamples) {
        recorder.examples.push(`${kind}: ${example}`);
      }
    },
  };
  return recorder;
}

function kindOf({ outcome, ending }: Told): Kind {
  return ending === undefined || outcome === "success"
    ? outcome
    : `${ending === "timeout-signal" ? "deadline" : ending} ${outcome}`;
}

function describe(name: string, rpc: string, evidence: Evidence): string {
  const { told, requests, isDone, wrongAnswer, overrunMs } = evidence;
  const seen = requests.map((each) => describeRequest(each, evidence.endedMs));
  return [
    `${name} ${rpc.slice(rpc.lastIndexOf(".") + 1)}: told ${told.outcome} (${told.text})`,
    `${isDone ? "" : "not "}in the store; requests: ${seen.join(" ") || "none"}`,
    ...(wrongAnswer === undefined ? [] : [wrongAnswer]),
    ...(overrunMs > 0 ? [`${Math.round(overrunMs)} ms late`] : []),
  ].join("; ");
}

/** One request as the server saw it, with its time before or after the end of the call. */
export function describeRequest(
  { chosen, events, gone, outcome, rpc, startedMs }: SeenRequest,
  endedMs: number,
): string {
  const parts = [
    rpc?.slice(rpc.indexOf("/") + 1) ?? "not looked at",
    chosen?.kind.name ?? "no fault",
    `${events} events`,
    outcome ?? "at work",
    ...(gone ? ["gone"] : []),
    `${Math.round(startedMs - endedMs)} ms`,
  ];
  return `[${parts.join(", ")}]`;
}
