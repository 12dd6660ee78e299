import type { RunReport } from "./apply-run.js";
import type { Entry } from "./team.js";
import type { Violation } from "./verdict.js";
import type { StoredOwner } from "../../src/emulator/store/stored-owner.js";

/** One round of a team, when all of its runs have ended. */
export interface Round {
  readonly entries: readonly Entry[];
  readonly reports: readonly RunReport[];
  readonly owner: StoredOwner;
  /** The ids that the owner had before the round. */
  readonly before: ReadonlySet<string>;
  /** Returns the number of writes that reached the server for an operation. */
  writes(operation: string): number;
}

/** A provider in the store. */
export interface Stored {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly clientId: string;
}

/** Returns the providers of an owner as the store has them. */
export function storedProviders({ providers }: StoredOwner): Stored[] {
  return [...providers.values()].map(({ view: { id, name, config } }) => {
    const { clientId } = (config?.config.value ?? {}) as { clientId?: string };
    return { id, type: String(config?.config.case), name, clientId: String(clientId) };
  });
}

/** Compares what the runs of a round reported with the store. */
export function checkRound(round: Round): [Violation, string][] {
  const { entries, reports, owner } = round;
  const stored = storedProviders(owner);
  const found: [Violation, string][] = [];
  const twins = entries.filter((entry) => newTwins(round, entry, stored).length > 1);
  for (const entry of twins) {
    const isReported = reports.some((report) => mayTellOf(report, entry));
    if (reports.length === 1 || !isReported) {
      const ids = newTwins(round, entry, stored).map(({ id }) => id);
      found.push([reports.length === 1 ? "twice" : "unreported", `${entry.name}: ${ids.join()}`]);
    }
  }
  for (const report of reports) {
    for (const problem of brokenPromises(report, round, stored)) {
      found.push(["lost", problem]);
    }
    const { thrown, operation } = report;
    if (thrown?.outcome === "not_done" && round.writes(operation) > 0) {
      found.push(["falselyCertain", `${operation} failed as not done, and wrote: ${thrown.text}`]);
    }
    if (report.ok) {
      for (const entry of entries) {
        const isThere = stored.some((each) => isSame(each, entry));
        if (isThere === entry.isAbsent) {
          found.push([
            "lost",
            `${operation} was ok, and ${entry.name} is ${isThere ? "" : "not "}there`,
          ]);
        }
      }
    }
  }
  const [only] = reports;
  for (const action of reports.length === 1 ? (only?.actions ?? []) : []) {
    const isMade = stored.some(({ id, name }) => !round.before.has(id) && name === action.name);
    if (action.kind === "create" && action.outcome === "not_done" && isMade) {
      found.push(["falselyCertain", `${only?.operation}: ${action.name} was made`]);
    }
  }
  return found;
}

/** Returns the providers of an entry's type and name that were made in the round. */
export function newTwins(
  { before }: Pick<Round, "before">,
  { type, name }: Entry,
  stored: readonly Stored[],
): Stored[] {
  return stored.filter((each) => each.type === type && each.name === name && !before.has(each.id));
}

function isSame({ id, type, name, clientId }: Stored, entry: Entry): boolean {
  return entry.isAbsent
    ? id === entry.id
    : type === entry.type && name === entry.name && clientId === entry.clientId;
}

/** Returns true if a report leaves open, or says, that a provider was made twice. */
function mayTellOf(report: RunReport, { type, name }: Entry): boolean {
  return (
    report.isKilled ||
    (report.thrown !== undefined && report.thrown.outcome !== "not_done") ||
    report.duplicates.some((each) => each.type === type && each.name === name) ||
    report.actions.some(
      (action) =>
        action.kind === "create" &&
        action.name === name &&
        (action.isWarned || (action.status === "failed" && action.outcome !== "not_done")),
    )
  );
}

/** Returns the actions that a report says are done, and that the store does not have. */
function brokenPromises(
  { operation, actions }: RunReport,
  { entries, reports, owner, writes }: Round,
  stored: readonly Stored[],
): string[] {
  return actions
    .filter(({ status }) => status === "done")
    .flatMap(({ kind, id = "", name }) => {
      const now = stored.find((each) => each.id === id);
      const entry = entries.find((each) => each.name === name && !each.isAbsent);
      const links = owner.loginPolicy?.links;
      const isKept =
        kind === "delete"
          ? now === undefined
          : kind === "activate"
            ? links?.has(id) === true
            : kind === "deactivate"
              ? links?.has(id) !== true
              : kind === "create-login-policy"
                ? links !== undefined
                : now !== undefined && entry !== undefined && isSame(now, entry);
      // Of two runs, one whose add never arrived may take over the same provider of the other.
      const isOwn = kind !== "create" || reports.length > 1 || writes(operation) > 0;
      return isKept && isOwn
        ? []
        : [`${operation}: ${kind} of ${name} (${id}) was reported as done`];
    });
}
