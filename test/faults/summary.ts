import type { WireName } from "../support/wires.js";
import type { ReportedOutcome } from "./reported-outcome.js";
import type { LostCreateFigures } from "./lost-creates.js";
import type { ApplyFigures } from "./apply-rounds.js";
import type { DeletedPackageFigures } from "./deleted-package.js";
import { type Violation, violations } from "./find-violations.js";

/** A reported outcome, with the event that ended the call. Failed reads are always `not_done`. */
export type OutcomeKind =
  ReportedOutcome["outcome"] | `${"deadline" | "aborted" | "closed"} ${"not_done" | "unknown"}`;

export interface WireFigures {
  operations: number;
  requests: number;
  outcomes: Partial<Record<OutcomeKind, number>>;
}

/** The results of a campaign. */
export interface Summary {
  readonly seed: number;
  readonly operations: number;
  readonly durationMs: number;
  /** The number of the 97 RPCs that were called. */
  readonly rpcs: number;
  readonly wires: Readonly<Partial<Record<WireName, WireFigures>>>;
  /** The injected faults, and the number of times each was injected. */
  readonly faults: Readonly<Record<string, number>>;
  readonly retries: number;
  /** Successes that the client concluded from the response to a retry. */
  readonly alreadyDone: number;
  /** Idempotent writes that the server carried out more than once, which does no harm. */
  readonly repeatedWrites: number;
  /** The results of `resolveCreate` for adds of unknown outcome. */
  readonly resolved: { readonly found: number; readonly nothing: number; readonly unread: number };
  /** Writes of unknown outcome that the server carried out. */
  readonly unknownDone: number;
  /** Writes of unknown outcome that the server did not carry out. */
  readonly unknownNotDone: number;
  /** Calls that waited for a slow token or a slow interceptor. */
  readonly slowTokens: number;
  readonly slowInterceptors: number;
  /** Operations over TLS. */
  readonly overTls: number;
  /** Clients that were closed with `force`. */
  readonly forcedCloses: number;
  /** Operations that ran only while their connections were in a black hole, so that no request was sent. */
  readonly unsent: number;
  /** The figures of background work. Undefined if there was none. */
  readonly applies: ApplyFigures | undefined;
  readonly deletedPackages: DeletedPackageFigures | undefined;
  readonly lostCreates: LostCreateFigures | undefined;
  readonly worstOverrunMs: number;
  /** The longest time for which this process was blocked. It does not count as overrun, because no timer can fire. */
  readonly worstBlockMs: number;
  readonly violations: Readonly<Record<Violation, number>>;
  /** The first five violations of each kind. */
  readonly examples: readonly string[];
}

/** Returns the number of all violations. */
export function countViolations({ violations: counts }: Summary): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

const kinds: readonly OutcomeKind[] = [
  "success",
  "not_done",
  "unknown",
  "deadline not_done",
  "deadline unknown",
  "aborted not_done",
  "aborted unknown",
  "closed not_done",
  "closed unknown",
];

const applyTitles: Readonly<Record<keyof ApplyFigures, string>> = {
  rounds: "apply: rounds",
  runs: "apply: runs",
  concurrentRounds: "apply: rounds with two runs",
  processes: "apply: runs of the CLI",
  ok: "apply: ok",
  incomplete: "apply: an action failed",
  failed: "apply: failed as a whole",
  killed: "apply: process killed",
  fileRenames: "apply: renames in the file",
  serverRenames: "apply: renames on the server",
  duplicates: "apply: reported duplicates",
};

const deletedPackageTitles: Readonly<Record<keyof DeletedPackageFigures, string>> = {
  processes: "deleted package: processes",
  operations: "deleted package: operations",
  success: "  success",
  notDone: "  not_done",
  unknown: "  unknown",
  unknownDone: "  unknown, carried out",
};

const lostCreateTitles: Readonly<Record<keyof LostCreateFigures, string>> = {
  lost: "lost creates",
  found: "  found",
  ambiguous: "  ambiguous with a duplicate",
  unread: "  search failed",
  notCreated: "creates lost before the server",
  withoutClock: "creates without server clock",
};

function createFigureRows<Key extends string>(
  titles: Readonly<Record<Key, string>>,
  figures: Readonly<Record<Key, number>> | undefined,
  row: (title: string, cells: readonly number[]) => string,
): string[] {
  return figures === undefined
    ? []
    : (Object.keys(titles) as Key[]).map((key) => row(titles[key], [figures[key]]));
}

/** Formats the summary as a table. */
export function formatSummary(summary: Summary): string {
  const { wires, faults, resolved } = summary;
  const names = (Object.keys(wires) as WireName[]).toSorted((a, b) => (a < b ? -1 : 1));
  const row = (title: string, cells: readonly (string | number)[]): string =>
    `${title.padEnd(34)}${cells.map((each) => String(each).padStart(11)).join("")}`;
  const of = (value: (figures: WireFigures) => number): number[] => {
    const each = names.map((name) => {
      const figures = wires[name];
      return figures === undefined ? 0 : value(figures);
    });
    return [...each, each.reduce((sum, count) => sum + count, 0)];
  };
  return [
    row("", [...names, "total"]),
    row(
      "operations",
      of(({ operations }) => operations),
    ),
    row(
      "requests",
      of(({ requests }) => requests),
    ),
    ...kinds.map((kind) =>
      row(
        `  ${kind}`,
        of(({ outcomes }) => outcomes[kind] ?? 0),
      ),
    ),
    "",
    ...Object.entries(faults).map(([name, count]) => row(name, [count])),
    row("faults and disruptions, total", [Object.values(faults).reduce((a, b) => a + b, 0)]),
    "",
    row("RPCs called (of 97)", [summary.rpcs]),
    row("retries", [summary.retries]),
    row("retries of finished writes", [summary.alreadyDone]),
    row("idempotent writes done twice", [summary.repeatedWrites]),
    row("unknown outcome, carried out", [summary.unknownDone]),
    row("unknown outcome, not carried out", [summary.unknownNotDone]),
    row("resolveCreate: found", [resolved.found]),
    row("resolveCreate: not found", [resolved.nothing]),
    row("resolveCreate: search failed", [resolved.unread]),
    row("slow tokens", [summary.slowTokens]),
    row("slow interceptors", [summary.slowInterceptors]),
    row("operations over TLS", [summary.overTls]),
    row("clients closed by force", [summary.forcedCloses]),
    row("operations without connection", [summary.unsent]),
    ...createFigureRows(applyTitles, summary.applies, row),
    ...createFigureRows(deletedPackageTitles, summary.deletedPackages, row),
    ...createFigureRows(lostCreateTitles, summary.lostCreates, row),
    row("longest overrun of a deadline, ms", [Math.round(summary.worstOverrunMs)]),
    row("longest block of the process, ms", [Math.round(summary.worstBlockMs)]),
    row("duration, s", [(summary.durationMs / 1000).toFixed(1)]),
    "",
    ...(Object.keys(violations) as Violation[]).map(
      (name) => `${row(name, [summary.violations[name]])}  ${violations[name]}`,
    ),
    ...summary.examples.map((each) => `! ${each}`),
    `seed ${summary.seed}: ${countViolations(summary)} violations`,
  ].join("\n");
}
