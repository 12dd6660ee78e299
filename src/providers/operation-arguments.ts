import { providerTypes } from "../../gen/providers.js";
import {
  argumentProblems,
  count,
  didYouMean,
  flag,
  id,
  isObject,
  iterable,
  limits,
  oneOf,
  optionProblems,
  rejectArguments,
  type Rule,
  type Rules,
  sequence,
  text,
} from "./argument-rules.js";
import type { Providers } from "./create-providers.js";
import type { UserRef } from "./count-linked-users.js";
import type { ProviderProblem } from "./provider-error.js";

const settings: Rule = (value) =>
  isObject(value) && !Array.isArray(value)
    ? undefined
    : `must be an object with the fields of a provider${value === null ? "; it is null" : ""}`;

type Operation = Exclude<keyof Providers, "owner" | "list">;

/** The required arguments of each operation. */
const required: Readonly<Record<Operation, Rules>> = {
  get: { id },
  find: { name: text },
  waitUntilVisible: { id },
  add: { settings },
  update: { id, patch: settings },
  migrate: { id, settings },
  active: {},
  activate: { id },
  deactivate: { id },
  countLinkedUsers: { id, users: iterable },
  delete: { id },
};

const activation: Rules = { ...limits, createPolicy: flag };

/** The options of the operations that take more options than `signal` and `timeoutMs`. */
const options: Readonly<Partial<Record<Operation, Rules>>> = {
  waitUntilVisible: { ...limits, sequence },
  add: { ...activation, activate: flag },
  update: { ...limits, ifSequence: sequence },
  activate: activation,
  deactivate: activation,
  delete: { ...limits, users: iterable, evenIfLinked: flag },
};

/** Rejects invalid arguments of an operation before anything is sent. Each problem names the argument. */
export function checkArguments(
  operation: Operation,
  given: readonly unknown[],
  ownOptions: unknown,
): void {
  rejectArguments(operation, [
    ...Object.entries(required[operation]).flatMap(([name, rule], index) =>
      argumentProblems(name, given[index], rule),
    ),
    ...optionProblems("options", ownOptions, options[operation] ?? limits),
  ]);
}

const types = [...Object.keys(providerTypes), "legacyOidc", "legacyJwt", "unknown"];
const aType = oneOf(...types);

const filter: Rules = {
  name: (value) => (isObject(value) ? undefined : text(value)),
  id,
  type: (value) =>
    Array.isArray(value)
      ? value.length === 0
        ? "must have at least one type"
        : value.map(aType).find((problem) => problem !== undefined)
      : aType(value),
  owner: oneOf("org", "instance", "any"),
  state: oneOf("active", "inactive", "unspecified"),
  pageSize: count,
};

/** The methods of comparing a name. */
export const nameMethods = ["equals", "contains", "startsWith", "endsWith"] as const;

const nameFilter: Rules = {
  ...Object.fromEntries(nameMethods.map((method) => [method, text])),
  ignoreCase: flag,
};

/**
 * Rejects a filter that would not narrow a list as the caller expects: with a misspelled member, or a member without a value.
 */
export function checkListArguments(given: unknown, ownOptions: unknown): void {
  const problems = optionProblems("filter", given, filter, { isStrict: true });
  rejectArguments("list", [
    ...problems,
    ...(problems.length === 0 && isObject(given) && "name" in given
      ? nameProblems(given.name)
      : []),
    ...optionProblems("options", ownOptions, limits),
  ]);
}

function nameProblems(name: unknown): ProviderProblem[] {
  if (!isObject(name)) {
    return [];
  }
  const problems = optionProblems("filter.name", name, nameFilter, { isStrict: true });
  const methods = nameMethods.filter((method) => method in name);
  return problems.length > 0 || methods.length === 1
    ? problems
    : [{ path: ["filter", "name"], message: `must have exactly one of ${nameMethods.join(", ")}` }];
}

const userRef: Rules = { userId: text, orgId: text };

/** Rejects a user whose id is missing: otherwise the user would count as "not linked". */
export function checkUser(user: UserRef, index: number): void {
  const problems: readonly ProviderProblem[] = !isObject(user)
    ? argumentProblems("users", user, text)
    : optionProblems("users", user, userRef, { isStrict: true }).concat(
        argumentProblems("userId", "userId" in user ? user.userId : undefined, text),
      );
  rejectArguments(
    "countLinkedUsers",
    problems.map(({ path, message }) => ({ path: ["users", index, ...path.slice(1)], message })),
  );
}

/** Throws a TypeError if the arguments of `createProviders` are invalid. */
export function checkOwnerOptions(client: unknown, given: unknown): void {
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
      throw new TypeError(`option ${name}: is not a known option; ${didYouMean(name, ["owner"])}`);
    }
  }
  const { owner } = given as { owner?: unknown };
  if (owner !== "org" && owner !== "instance") {
    throw new TypeError('option owner: must be "org" or "instance"');
  }
}
