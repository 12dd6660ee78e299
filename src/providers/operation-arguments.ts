import { providerTypes } from "../../gen/providers.js";
import {
  findArgumentProblems,
  countRule,
  suggestOption,
  booleanRule,
  idRule,
  isObject,
  iterableRule,
  operationOptionRules,
  oneOfRule,
  findOptionProblems,
  throwIfInvalidArguments,
  type ArgumentRule,
  type ArgumentRules,
  sequenceRule,
  textRule,
} from "./argument-rules.js";
import type { Providers } from "./create-providers.js";
import type { UserRef } from "./count-linked-users.js";
import type { ProviderProblem } from "./provider-error.js";

const settingsRule: ArgumentRule = (value) =>
  isObject(value) && !Array.isArray(value)
    ? undefined
    : `must be an object with the fields of a provider${value === null ? "; it is null" : ""}`;

type OperationName = Exclude<keyof Providers, "owner" | "list">;

/** The required arguments of each operation. */
const requiredArguments: Readonly<Record<OperationName, ArgumentRules>> = {
  get: { id: idRule },
  find: { name: textRule },
  waitUntilVisible: { id: idRule },
  add: { settings: settingsRule },
  update: { id: idRule, patch: settingsRule },
  migrate: { id: idRule, settings: settingsRule },
  active: {},
  activate: { id: idRule },
  deactivate: { id: idRule },
  countLinkedUsers: { id: idRule, users: iterableRule },
  delete: { id: idRule },
};

const activationOptionRules: ArgumentRules = { ...operationOptionRules, createPolicy: booleanRule };

/** The options of the operations that take more options than `signal` and `timeoutMs`. */
const optionRulesByOperation: Readonly<Partial<Record<OperationName, ArgumentRules>>> = {
  waitUntilVisible: { ...operationOptionRules, sequence: sequenceRule },
  add: { ...activationOptionRules, activate: booleanRule },
  update: { ...operationOptionRules, ifSequence: sequenceRule },
  activate: activationOptionRules,
  deactivate: activationOptionRules,
  delete: { ...operationOptionRules, users: iterableRule, evenIfLinked: booleanRule },
};

/** Rejects invalid arguments of an operation before anything is sent. Each problem names the argument. */
export function checkOperationArguments(
  operation: OperationName,
  given: readonly unknown[],
  ownOptions: unknown,
): void {
  throwIfInvalidArguments(operation, [
    ...Object.entries(requiredArguments[operation]).flatMap(([name, rule], index) =>
      findArgumentProblems(name, given[index], rule),
    ),
    ...findOptionProblems(
      "options",
      ownOptions,
      optionRulesByOperation[operation] ?? operationOptionRules,
    ),
  ]);
}

const types = [...Object.keys(providerTypes), "legacyOidc", "legacyJwt", "unknown"];
const aType = oneOfRule(...types);

const filter: ArgumentRules = {
  name: (value) => (isObject(value) ? undefined : textRule(value)),
  id: idRule,
  type: (value) =>
    Array.isArray(value)
      ? value.length === 0
        ? "must have at least one type"
        : value.map(aType).find((problem) => problem !== undefined)
      : aType(value),
  owner: oneOfRule("org", "instance", "any"),
  state: oneOfRule("active", "inactive", "unspecified"),
  pageSize: countRule,
};

/** The methods of comparing a name. */
export const nameMethods = ["equals", "contains", "startsWith", "endsWith"] as const;

const nameFilter: ArgumentRules = {
  ...Object.fromEntries(nameMethods.map((method) => [method, textRule])),
  ignoreCase: booleanRule,
};

/**
 * Rejects a filter that would not narrow a list as the caller expects: with a misspelled member, or a member without a value.
 */
export function checkListArguments(given: unknown, ownOptions: unknown): void {
  const problems = findOptionProblems("filter", given, filter, { isStrict: true });
  throwIfInvalidArguments("list", [
    ...problems,
    ...(problems.length === 0 && isObject(given) && "name" in given
      ? nameProblems(given.name)
      : []),
    ...findOptionProblems("options", ownOptions, operationOptionRules),
  ]);
}

function nameProblems(name: unknown): ProviderProblem[] {
  if (!isObject(name)) {
    return [];
  }
  const problems = findOptionProblems("filter.name", name, nameFilter, { isStrict: true });
  const methods = nameMethods.filter((method) => method in name);
  return problems.length > 0 || methods.length === 1
    ? problems
    : [{ path: ["filter", "name"], message: `must have exactly one of ${nameMethods.join(", ")}` }];
}

const userRef: ArgumentRules = { userId: textRule, orgId: textRule };

/** Rejects a user whose id is missing: otherwise the user would count as "not linked". */
export function checkUser(user: UserRef, index: number): void {
  const problems: readonly ProviderProblem[] = !isObject(user)
    ? findArgumentProblems("users", user, textRule)
    : findOptionProblems("users", user, userRef, { isStrict: true }).concat(
        findArgumentProblems("userId", "userId" in user ? user.userId : undefined, textRule),
      );
  throwIfInvalidArguments(
    "countLinkedUsers",
    problems.map(({ path, message }) => ({ path: ["users", index, ...path.slice(1)], message })),
  );
}

/** Throws a TypeError if the arguments of `createProviders` are invalid. */
export function checkProvidersOptions(client: unknown, given: unknown): void {
  if (!isObject(client) || !("management" in client) || !("admin" in client)) {
    throw new TypeError(
      "argument client: must be a client with management and admin, such as createIdpClient returns",
    );
  }
  if (!isObject(given) || Array.isArray(given)) {
    throw new TypeError('argument options: must be an object such as { owner: "org" }');
  }
  for (const name of Object.keys(given)) {
    if (name !== "owner") {
      throw new TypeError(
        `option ${name}: is not a known option; ${suggestOption(name, ["owner"])}`,
      );
    }
  }
  const { owner } = given as { owner?: unknown };
  if (owner !== "org" && owner !== "instance") {
    throw new TypeError('option owner: must be "org" or "instance"');
  }
}
