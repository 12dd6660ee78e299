import {
  argumentProblems,
  callback,
  count,
  flag,
  isObject,
  limits,
  optionProblems,
  rejectArguments,
  type Rule,
  type Rules,
  text,
} from "../argument-rules.js";
import { ProviderError, type ProviderProblem } from "../provider-error.js";

const client: Rule = (value) =>
  isObject(value) && "management" in value && "admin" in value && "withOrg" in value
    ? undefined
    : "must be a client with management, admin and withOrg, such as createIdpClient returns";

const state: Rules = {
  store: (value) =>
    isObject(value) && "read" in value && "write" in value
      ? undefined
      : "must be an object with read and write",
  key: (value) => (typeof value === "string" ? undefined : "must be text"),
};

const planOptions: Rules = {
  ...limits,
  rotate: (value) =>
    typeof value === "boolean" ||
    (isObject(value) && Array.isArray(value) && value.every((each) => text(each) === undefined))
      ? undefined
      : "must be true, false, or a list of ids and names, none of them empty",
  state: (value) => (isObject(value) ? undefined : "must be an object with a store"),
  concurrency: count,
  onProgress: callback,
};

/** Rejects invalid arguments of `plan` and `apply`. The desired state is checked elsewhere. */
export function checkPlanArguments(call: "plan" | "apply", given: unknown, options: unknown): void {
  const problems = [
    ...argumentProblems("client", given, client),
    ...optionProblems("options", options, planOptions),
  ];
  const kept =
    problems.length === 0 && isObject(options) && "state" in options ? options.state : undefined;
  rejectArguments(call, [
    ...problems,
    ...(isObject(kept)
      ? [
          ...optionProblems("options.state", kept, state),
          ...argumentProblems(
            "options.state.store",
            "store" in kept ? kept.store : undefined,
            isObjectRule,
          ),
        ]
      : []),
  ]);
}

const isObjectRule: Rule = (value) => (isObject(value) ? undefined : "must be an object");

/** Rejects invalid arguments of `exportProviders`. */
export function checkExportArguments(given: unknown, owner: unknown, options: unknown): void {
  rejectArguments("exportProviders", [
    ...argumentProblems("client", given, client),
    ...argumentProblems("owner", owner, isObjectRule),
    // An undefined id would select the client's own organization.
    ...optionProblems("owner", owner, ownerRules, { isStrict: true }),
    ...ownerProblems(owner),
    ...optionProblems("options", options, { ...limits, ids: flag, active: flag }),
  ]);
}

const ownerRules: Rules = {
  owner: (value) =>
    value === "org" || value === "instance" ? undefined : 'must be "org" or "instance"',
  orgId: text,
};

function ownerProblems(owner: unknown): ProviderProblem[] {
  return isObject(owner) && !("owner" in owner)
    ? [{ path: ["owner", "owner"], message: 'is missing: give "org" or "instance"' }]
    : [];
}

/** Rejects a value that is not a plan of this version. */
export function checkPlan(given: unknown): void {
  const isPlan =
    isObject(given) &&
    "version" in given &&
    given.version === 1 &&
    "owners" in given &&
    Array.isArray(given.owners) &&
    given.owners.every(isOwnerPlan);
  if (!isPlan) {
    const message =
      given === undefined || given === null
        ? `is missing (${given}): pass the result of plan()`
        : "is not a plan of version 1, the version of this zitadel-idp";
    throw new ProviderError({
      reason: "invalid",
      about: "the plan",
      problems: [{ path: [], message }],
    });
  }
}

function isOwnerPlan(each: unknown): boolean {
  return (
    isObject(each) &&
    "owner" in each &&
    isObject(each.owner) &&
    "actions" in each &&
    Array.isArray(each.actions) &&
    each.actions.every((action: unknown) => isObject(action) && "action" in action)
  );
}

/** Rejects invalid arguments of `formatPlan`. */
export function checkFormatArguments(given: unknown, options: unknown): void {
  checkPlan(given);
  rejectArguments("formatPlan", optionProblems("options", options, { colour: flag }));
}
