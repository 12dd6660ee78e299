import { isObject } from "../../utils/is-object.js";
import {
  type ArgumentRule,
  type ArgumentRules,
  booleanRule,
  callbackRule,
  countRule,
  findArgumentProblems,
  findOptionProblems,
  objectRule,
  operationOptionRules,
  textRule,
  throwIfInvalidArguments,
} from "../argument-rules.js";
import { ProviderError, type ProviderProblem } from "../provider-error.js";

const clientRule: ArgumentRule = (value) =>
  isObject(value) && "management" in value && "admin" in value && "withOrg" in value
    ? undefined
    : "must be a client with management, admin and withOrg, such as createIdpClient returns";

const stateRules: ArgumentRules = {
  store: (value) =>
    isObject(value) && "read" in value && "write" in value
      ? undefined
      : "must be an object with read and write",
  key: (value) => (typeof value === "string" ? undefined : "must be text"),
};

const stateRule: ArgumentRule = (value) =>
  isObject(value) ? undefined : "must be an object with a store";

const planOptionRules: ArgumentRules = {
  ...operationOptionRules,
  rotate: (value) =>
    typeof value === "boolean" ||
    (isObject(value) && Array.isArray(value) && value.every((each) => textRule(each) === undefined))
      ? undefined
      : "must be true, false, or a list of ids and names, none of them empty",
  state: stateRule,
  refresh: callbackRule,
  concurrency: countRule,
  onProgress: callbackRule,
};

/** Throws a `ProviderError` for invalid arguments of `plan` and `apply`, apart from the desired state. */
export function checkPlanArguments(call: "plan" | "apply", given: unknown, options: unknown): void {
  const problems = [
    ...findArgumentProblems("client", given, clientRule),
    ...findOptionProblems("options", options, planOptionRules),
  ];
  throwIfInvalidArguments(call, [
    ...problems,
    ...(problems.length === 0 ? findStateProblems(options) : []),
  ]);
}

/** Returns the problems of `options.state`, if it is set. */
function findStateProblems(options: unknown): ProviderProblem[] {
  const state = isObject(options) && "state" in options ? options.state : undefined;
  return isObject(state)
    ? [
        ...findOptionProblems("options.state", state, stateRules),
        ...findArgumentProblems(
          "options.state.store",
          "store" in state ? state.store : undefined,
          objectRule,
        ),
      ]
    : [];
}

/** Throws a `ProviderError` for invalid arguments of `exportProviders`. */
export function checkExportArguments(given: unknown, owner: unknown, options: unknown): void {
  throwIfInvalidArguments("exportProviders", [
    ...findArgumentProblems("client", given, clientRule),
    ...findArgumentProblems("owner", owner, objectRule),
    // An undefined id would select the organization of the client.
    ...findOptionProblems("owner", owner, ownerRules, { isStrict: true }),
    ...findMissingOwner(owner),
    ...findOptionProblems("options", options, {
      ...operationOptionRules,
      ids: booleanRule,
      active: booleanRule,
      state: stateRule,
    }),
    ...findStateProblems(options),
  ]);
}

const ownerRules: ArgumentRules = {
  owner: (value) =>
    value === "org" || value === "instance" ? undefined : 'must be "org" or "instance"',
  orgId: textRule,
};

function findMissingOwner(owner: unknown): ProviderProblem[] {
  return isObject(owner) && !("owner" in owner)
    ? [{ path: ["owner", "owner"], message: 'is missing: give "org" or "instance"' }]
    : [];
}

/** Throws a `ProviderError` for a value that is not a plan of this version. */
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

/** Throws a `ProviderError` for invalid arguments of `formatPlan`. */
export function checkFormatArguments(given: unknown, options: unknown): void {
  checkPlan(given);
  throwIfInvalidArguments(
    "formatPlan",
    findOptionProblems("options", options, { colour: booleanRule }),
  );
}
