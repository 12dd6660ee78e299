import { printable } from "../../utils/printable.js";
import {
  type FieldChange,
  getNameAfterUpdate,
  type OwnerPlan,
  type Plan,
  type PlannedAction,
  type UpdateAction,
} from "./actions.js";
import { describeActionProvider, describeOwner, describeProvider } from "./labels.js";
import { checkFormatArguments } from "./plan-arguments.js";
import { listMetadataDifferences } from "./plan-metadata-refresh.js";
import { withoutUndefined } from "../../utils/without-undefined.js";

/** The options of `formatPlan`. */
export interface FormatOptions {
  /** Adds colours for a terminal. Default: false. */
  readonly colour?: boolean | undefined;
}

type Paint = (colour: keyof typeof colours, text: string) => string;

const colours = { added: 32, changed: 33, removed: 31, faint: 2, bold: 1 } as const;

/**
 * Formats a plan as text: providers to create (+), change or rename (~), activate or deactivate (>) and delete (-), with old and
 * new values.
 *
 * @example
 * console.log(formatPlan(await plan(zitadel, desired), { colour: process.stdout.isTTY }));
 */
export function formatPlan(plan: Plan, options: FormatOptions = {}): string {
  checkFormatArguments(plan, options);
  const { owners } = plan;
  const { colour = false } = options;
  const paint: Paint = (name, text) => (colour ? `\u001b[${colours[name]}m${text}\u001b[0m` : text);
  const parts = owners
    .filter(({ actions }) => actions.length > 0)
    .map((each) =>
      [
        paint("bold", `${describeOwner(each.owner)}:`),
        ...each.actions.flatMap((action) => formatAction(action, paint)),
      ].join("\n"),
    );
  return [...parts, formatSummary(owners)].join("\n\n");
}

function formatAction(action: PlannedAction, paint: Paint): string[] {
  switch (action.action) {
    case "create":
      return [
        paint(
          "added",
          `  + create ${describeProvider(action.provider.type, action.provider.name)}`,
        ),
        ...Object.entries(action.settings)
          .filter(([name]) => name !== "type" && name !== "name")
          .map(([name, value]) => `      ${name}: ${formatValue(value)}`),
        ...formatSecrets(action.secrets),
      ];
    case "update":
      return [
        paint("changed", `  ~ ${describeUpdate(action)}`),
        ...action.changes.map((change) => `      ${formatChange(change)}`),
        ...formatSecrets(action.secrets),
      ];
    case "create-login-policy":
      return [
        paint("added", "  + create a login policy for this organization"),
        paint("faint", "      a copy of the instance's default, without its later changes"),
      ];
    case "activate":
      return [paint("added", `  > activate ${describeActionProvider(action.provider)}`)];
    case "deactivate":
      return [paint("removed", `  > deactivate ${describeActionProvider(action.provider)}`)];
    default:
      return [
        paint("removed", `  - delete ${describeActionProvider(action.provider)}`),
        paint(
          "faint",
          `      ${action.reason === "absent" ? "listed as absent" : "added by an earlier apply, and no longer listed"}; users with an account at the provider can no longer sign in with it`,
        ),
      ];
  }
}

/** Formats a value as JSON without control sequences of terminals. */
function formatValue(value: unknown): string {
  return printable(JSON.stringify(value));
}

function describeUpdate(action: UpdateAction): string {
  const name = getNameAfterUpdate(action);
  return name === action.provider.name
    ? `change ${describeActionProvider(action.provider)}`
    : `rename ${describeActionProvider(action.provider)} to ${formatValue(name)}`;
}

function formatChange({ field, from, to }: FieldChange): string {
  if (field === "metadataXml") {
    // Metadata fills many pages, so show only its differences.
    const differences = listMetadataDifferences(String(from), String(to)).join(", ");
    return `${field}: (${differences === "" ? "other text of the same meaning" : printable(differences)})`;
  }
  return `${field}: ${formatValue(from)} -> ${formatValue(to)}`;
}

function formatSecrets(secrets: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(withoutUndefined(secrets)).map(
    ([field, change]) => `      ${field}: (${change})`,
  );
}

function formatSummary(owners: readonly OwnerPlan[]): string {
  const all = owners.flatMap(({ actions }) => actions);
  const sum = (select: (owner: OwnerPlan) => number): number =>
    owners.reduce((total, owner) => total + select(owner), 0);
  const count = (...names: PlannedAction["action"][]): number =>
    all.filter(({ action }) => names.includes(action)).length;
  const absent = sum(({ alreadyAbsent }) => alreadyAbsent);
  const rest = [
    `${sum(({ unchanged }) => unchanged)} unchanged`,
    ...(absent > 0 ? [`${absent} already absent`] : []),
    `${sum(({ unmanaged }) => unmanaged)} not listed`,
  ].join(", ");
  if (all.length === 0) {
    return `Nothing to do: ${rest}.`;
  }
  const counts = [
    [count("create", "create-login-policy"), "to create"],
    [count("update"), "to change"],
    [count("activate", "deactivate"), "to activate or deactivate"],
    [count("delete"), "to delete"],
  ] as const;
  const parts = counts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`);
  return `${parts.join(", ")}; ${rest}.`;
}
