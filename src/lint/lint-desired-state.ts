import { toFieldValues } from "../providers/model/field-specs.js";
import type { ProviderType } from "../providers/model/provider.js";
import {
  isAbsent,
  isDesiredProvider,
  isInstanceEntry,
  splitEntry,
} from "../providers/plan/desired/desired-entry.js";
import {
  type DesiredOwner,
  type DesiredProvider,
  type DesiredState,
  type InstanceProvider,
  toDesiredOwners,
} from "../providers/plan/desired/desired-state.js";
import { toOwnerPath } from "../providers/plan/owner.js";
import type { ProblemPath } from "../providers/provider-error.js";
import type { LintCheck } from "./lint-checks.js";
import { toFixableFinding } from "./lint-owner.js";
import { lintProvider } from "./lint-provider.js";
import type { RuleFinding } from "./lint-rule.js";
import type { FixableFinding } from "./fixable-finding.js";
import { findSameNames } from "./same-names.js";

/** A finding, and its location in the desired state. */
export interface LocatedFinding extends FixableFinding {
  readonly path: ProblemPath;
}

/**
 * Checks a desired state for mistakes that the server accepts. Sends nothing. Check its form with `findDesiredStateProblems` first.
 *
 * @example
 * for (const { finding, path } of lintDesiredState(desired)) console.warn(path.join("."), finding.message);
 */
export function lintDesiredState(desired: DesiredState): LocatedFinding[] {
  return toDesiredOwners(desired).flatMap((owner) => [
    ...lintEntries(owner),
    ...lintInstanceEntries(owner, desired),
    ...lintPrune(owner),
  ]);
}

/** A desired provider with its place in the list. */
interface PlacedEntry {
  readonly entry: DesiredProvider;
  readonly type: ProviderType;
  readonly name: string;
  readonly id: string | undefined;
  readonly index: number;
}

function lintEntries({ owner, desired }: DesiredOwner): LocatedFinding[] {
  const placed = desired.providers.flatMap((entry, index): PlacedEntry[] =>
    isDesiredProvider(entry)
      ? [{ entry, type: entry.type, name: splitEntry(entry).name, id: entry.id, index }]
      : [],
  );
  const locate = (subject: PlacedEntry, finding: RuleFinding): LocatedFinding => ({
    ...toFixableFinding(owner, subject, finding),
    path: [...toOwnerPath(owner), "providers", subject.index, ...finding.path],
  });
  const isOffered = ({ entry }: PlacedEntry): boolean => entry.active !== false;
  return [
    ...placed.flatMap((subject) => {
      const { active, settings } = splitEntry(subject.entry);
      const values = toFieldValues(settings);
      return lintProvider({ type: settings.type, values, active }).map((finding) =>
        locate(subject, finding),
      );
    }),
    ...findSameNames(placed.filter(isOffered)).map(({ subject, finding }) =>
      locate(subject, finding),
    ),
  ];
}

/** Reports entries that offer a provider of the instance which the same desired state deletes. */
function lintInstanceEntries(
  { owner, desired }: DesiredOwner,
  { instance }: DesiredState,
): LocatedFinding[] {
  const deleted = (instance?.providers ?? []).filter(isAbsent);
  const isDeleted = (entry: InstanceProvider): boolean =>
    deleted.some((each) =>
      entry.id === undefined ? each.name === entry.name : each.id === entry.id,
    );
  return desired.providers.flatMap((entry, index) =>
    isInstanceEntry(entry) && entry.active && isDeleted(entry)
      ? [
          {
            ...toFixableFinding(
              owner,
              { type: "unknown", name: entry.name ?? "", id: entry.id },
              {
                severity: "broken",
                check: "policy/offered-but-deleted",
                path: ["active"],
                message:
                  "the entry activates a provider of the instance that is listed as absent under instance",
                fix: "set active: false, or keep the provider under instance",
              },
            ),
            path: [...toOwnerPath(owner), "providers", index, "active"],
          },
        ]
      : [],
  );
}

function lintPrune({ owner, desired }: DesiredOwner): LocatedFinding[] {
  return desired.prune === true && desired.providers.length === 0
    ? [
        {
          finding: {
            severity: "risk",
            check: "prune/deletes-all" satisfies LintCheck,
            owner,
            field: "prune",
            message:
              "prune deletes all providers that an earlier apply created, because the list is empty",
            fix: "list the providers to keep, or remove prune",
          },
          path: [...toOwnerPath(owner), "prune"],
        },
      ]
    : [];
}
