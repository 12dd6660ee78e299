import type { WireName } from "../support/wires.js";
import type { Told } from "./told.js";
import type { LostCreateFigures } from "./lost-creates.js";
import type { TeamFigures } from "./teams.js";
import type { VanishingFigures } from "./vanishing.js";
import { type Violation, violations } from "./verdict.js";

/** The outcomes that callers were told, by kind. Reads that fail are always `not_done`. */
export type Kind =
  Told["outcome"] | `${"deadline" | "aborted" | "closed"} ${"not_done" | "unknown"}`;

export interface WireFigures {
  operations: number;
  requests: number;
  outcomes: Partial<Record<Kind, number>>;
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
  /** Successes that were concluded from the answer to a repeat. */
  readonly alreadyDone: number;
  /** Idempotent writes that were carried out more than once, which does no harm. */
  readonly repeatedWrites: number;
  /** Adds of unknown outcome, and what `resolveCreate` made of them. */
  readonly resolved: { readonly found: number; readonly nothing: number; readonly unread: number };
  /** Of the writes of unknown outcome: how many had been carried out. */
  readonly unknownDone: number;
  readonly unknownNotDone: number;
  /** Calls that waited for a token or an interceptor that came late. */
  readonly slowTokens: number;
  readonly slowInterceptors: number;
  /** The operations that went over TLS. */
  readonly overTls: number;
  /** Clients that were closed by force. */
  readonly forcedCloses: number;
  /** Operations within a silence, in which certainly nothing can have been sent. */
  readonly silenced: number;
  /** The runs of `apply`, the calls of processes whose package vanished, and the lost creates. Undefined if there were none. */
  readonly teams: TeamFigures | undefined;
  readonly vanishing: VanishingFigures | undefined;
  readonly lostCreates: LostCreateFigures | undefined;
  readonly worstOverrunMs: number;
  /** The longest time for which this process was blocked. It does not count as overrun: no timer could fire. */
  readonly worstBlockMs: number;
  readonly violations: Readonly<Record<Violation, number>>;
  /** The first few of each kind. */
  readonly examples: readonly string[];
}

export function violationCount({ violations: found }: Summary): number {
  return Object.values(found).reduce((sum, each) => sum + each, 0);
}

const kinds: readonly Kind[] = [
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

const teamTitles: Readonly<Record<keyof TeamFigures, string>> = {
  rounds: "apply: rounds",
  runs: "apply: runs",
  atOnce: "apply: rounds with two runs",
  processes: "apply: runs of the command",
  ok: "apply: ok",
  unfinished: "apply: an action failed",
  refused: "apply: failed as a whole",
  killed: "apply: process killed",
  fileRenames: "apply: renames in the file",
  serverRenames: "apply: renames on the server",
  twins: "apply: made twice, and reported",
};

const vanishingTitles: Readonly<Record<keyof VanishingFigures, string>> = {
  processes: "vanishing package: processes",
  operations: "vanishing package: operations",
  success: "  success",
  notDone: "  not_done",
  unknown: "  unknown",
  unknownDone: "  unknown that had been done",
};

const lostCreateTitles: Readonly<Record<keyof LostCreateFigures, string>> = {
  lost: "lost creates",
  found: "  found again",
  ambiguous: "  ambiguous beside a twin",
  unread: "  could not read",
  notMade: "creates that never arrived",
  withoutClock: "creates without the server's clock",
};

function figureRows<Key extends string>(
  titles: Readonly<Record<Key, string>>,
  figures: Readonly<Record<Key, number>> | undefined,
  row: (title: string, cells: readonly number[]) => string,
): string[] {
  return figures === undefined
    ? []
    : (Object.keys(titles) as Key[]).map((key) => row(titles[key], [figures[key]]));
}

/** The summary for people. */
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
    row("", [...names, "all"]),
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
    row("faults and disruptions in all", [Object.values(faults).reduce((a, b) => a + b, 0)]),
    "",
    row("RPCs called, of 97", [summary.rpcs]),
    row("retries", [summary.retries]),
    row("concluded: already done", [summary.alreadyDone]),
    row("idempotent writes done again", [summary.repeatedWrites]),
    row("unknown outcome: had been done", [summary.unknownDone]),
    row("unknown outcome: had not", [summary.unknownNotDone]),
    row("resolveCreate: found", [resolved.found]),
    row("resolveCreate: nothing there", [resolved.nothing]),
    row("resolveCreate: could not read", [resolved.unread]),
    row("late tokens", [summary.slowTokens]),
    row("late interceptors", [summary.slowInterceptors]),
    row("operations over TLS", [summary.overTls]),
    row("clients closed by force", [summary.forcedCloses]),
    row("operations in silence", [summary.silenced]),
    ...figureRows(teamTitles, summary.teams, row),
    ...figureRows(vanishingTitles, summary.vanishing, row),
    ...figureRows(lostCreateTitles, summary.lostCreates, row),
    row("worst overrun of a deadline, ms", [Math.round(summary.worstOverrunMs)]),
    row("longest block of the process, ms", [Math.round(summary.worstBlockMs)]),
    row("duration, s", [(summary.durationMs / 1000).toFixed(1)]),
    "",
    ...(Object.keys(violations) as Violation[]).map(
      (name) => `${row(name, [summary.violations[name]])}  ${violations[name]}`,
    ),
    ...summary.examples.map((each) => `! ${each}`),
    `seed ${summary.seed}: ${violationCount(summary)} violations`,
  ].join("\n");
}
