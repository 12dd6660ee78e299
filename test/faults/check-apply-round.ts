import type { RunAction, RunReport } from "./run-apply.js";
import type { Entry } from "./apply-entries.js";
import type { Violation } from "./find-violations.js";
import type { StoredOwner } from "../../src/emulator/store/stored-owner.js";

/** A round of `apply`, after all of its runs have ended. */
export interface ApplyRound {
  readonly entries: readonly Entry[];
  readonly reports: readonly RunReport[];
  readonly owner: StoredOwner;
  /** The ids of the owner's providers before the round. */
  readonly idsBefore: ReadonlySet<string>;
  /** Returns the number of requests of an operation that changed the store. */
  countWrites(operation: string): number;
}

/** The fields of a stored provider that a round can change. */
export interface StoredSummary {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly clientId: string;
}

/** Returns the providers of an owner in the store. */
export function summarizeStored({ providers }: StoredOwner): StoredSummary[] {
  return [...providers.values()].map(({ view: { id, name, config } }) => {
    const { clientId } = (config?.config.value ?? {}) as { clientId?: string };
    return { id, type: String(config?.config.case), name, clientId: String(clientId) };
  });
}

/** A violation, and the text that describes it. */
type Finding = readonly [Violation, string];

/** Compares the reports of a round's runs with the store. Returns the violations. */
export function checkApplyRound(round: ApplyRound): Finding[] {
  const stored = summarizeStored(round.owner);
  return [
    ...checkDuplicates(round, stored),
    ...round.reports.flatMap((report) => [
      ...findBrokenReports(report, round, stored).map((text): Finding => ["lost", text]),
      ...checkFailure(report, round),
      ...checkSuccess(report, round, stored),
    ]),
    ...checkFailedCreates(round, stored),
  ];
}

/** Checks that a single run creates no provider twice, and that one of two concurrent runs reports each duplicate. */
function checkDuplicates(round: ApplyRound, stored: readonly StoredSummary[]): Finding[] {
  const isSingleRun = round.reports.length === 1;
  return round.entries.flatMap((entry): Finding[] => {
    const created = findNewDuplicates(round, entry, stored);
    const isReported = round.reports.some((report) => reportsDuplicate(report, entry));
    if (created.length < 2 || (!isSingleRun && isReported)) {
      return [];
    }
    const text = `${entry.name}: ${created.map(({ id }) => id).join()}`;
    return [[isSingleRun ? "duplicate" : "unreportedDuplicate", text]];
  });
}

/** Checks that a run that failed as `not_done` wrote nothing. */
function checkFailure({ thrown, operation }: RunReport, { countWrites }: ApplyRound): Finding[] {
  return thrown?.outcome === "not_done" && countWrites(operation) > 0
    ? [["wrongNotDone", `${operation} failed as not_done, but wrote: ${thrown.text}`]]
    : [];
}

/** Checks that the store has all entries after a run that was ok, and no absent ones. */
function checkSuccess(
  { ok, operation }: RunReport,
  { entries }: ApplyRound,
  stored: readonly StoredSummary[],
): Finding[] {
  return (ok ? entries : []).flatMap((entry): Finding[] => {
    const isStored = stored.some((each) => isSame(each, entry));
    return isStored === entry.isAbsent
      ? [["lost", `${operation} was ok, but ${entry.name} is ${isStored ? "" : "not "}stored`]]
      : [];
  });
}

/** Checks that a single run created nothing in the creates that it reported as `not_done`. */
function checkFailedCreates(
  { reports, idsBefore }: ApplyRound,
  stored: readonly StoredSummary[],
): Finding[] {
  const [only, ...others] = reports;
  if (only === undefined || others.length > 0) {
    return [];
  }
  const isCreated = (action: RunAction): boolean =>
    stored.some(({ id, name }) => !idsBefore.has(id) && name === action.name);
  return only.actions
    .filter(({ kind, outcome }) => kind === "create" && outcome === "not_done")
    .filter(isCreated)
    .map(({ name }) => ["wrongNotDone", `${only.operation}: ${name} was created`]);
}

/** Returns the providers with an entry's type and name that were created in the round. */
export function findNewDuplicates(
  { idsBefore }: Pick<ApplyRound, "idsBefore">,
  { type, name }: Entry,
  stored: readonly StoredSummary[],
): StoredSummary[] {
  return stored.filter(
    (each) => each.type === type && each.name === name && !idsBefore.has(each.id),
  );
}

function isSame({ id, type, name, clientId }: StoredSummary, entry: Entry): boolean {
  return entry.isAbsent
    ? id === entry.id
    : type === entry.type && name === entry.name && clientId === entry.clientId;
}

/** Returns true if a report says, or does not rule out, that an entry was created twice. */
function reportsDuplicate(report: RunReport, { type, name }: Entry): boolean {
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

/** Returns the actions that a run reported as done, but whose effect the store does not have. */
function findBrokenReports(
  { operation, actions }: RunReport,
  { entries, reports, owner, countWrites }: ApplyRound,
  stored: readonly StoredSummary[],
): string[] {
  return actions
    .filter(({ status }) => status === "done")
    .flatMap((action) => {
      const { kind, id, name } = action;
      // A run may adopt a provider that a concurrent run created. Only a single run must have written it itself.
      const hasWritten = kind !== "create" || reports.length > 1 || countWrites(operation) > 0;
      return hasEffect(action, entries, owner, stored) && hasWritten
        ? []
        : [`${operation}: reported ${kind} of ${name} (${id ?? ""}) as done`];
    });
}

/** Returns true if the store has the effect of an action. */
function hasEffect(
  { kind, id = "", name }: RunAction,
  entries: readonly Entry[],
  owner: StoredOwner,
  stored: readonly StoredSummary[],
): boolean {
  const provider = stored.find((each) => each.id === id);
  const links = owner.loginPolicy?.links;
  switch (kind) {
    case "delete":
      return provider === undefined;
    case "activate":
      return links?.has(id) === true;
    case "deactivate":
      return links?.has(id) !== true;
    case "create-login-policy":
      return links !== undefined;
    default: {
      const entry = entries.find((each) => each.name === name && !each.isAbsent);
      return provider !== undefined && entry !== undefined && isSame(provider, entry);
    }
  }
}
