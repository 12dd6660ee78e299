import { throwInvalidOption } from "../utils/option-error.js";
import { isObject } from "../utils/is-object.js";
import {
  type ArgumentRule,
  type ArgumentRules,
  booleanRule,
  findArgumentProblems,
  findOptionProblems,
  idRule,
  iterableRule,
  operationOptionRules,
  sequenceRule,
  suggestOption,
  textRule,
  throwIfInvalidArguments,
} from "./argument-rules.js";
import { findFilterProblems } from "./list-filter.js";
import type { Providers } from "./providers.js";

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

/** Throws a `ProviderError` for invalid arguments of an operation. Each problem names the argument. */
export function checkOperationArguments(
  operation: OperationName,
  values: readonly unknown[],
  options: unknown,
): void {
  throwIfInvalidArguments(operation, [
    ...Object.entries(requiredArguments[operation]).flatMap(([name, rule], index) =>
      findArgumentProblems(name, values[index], rule),
    ),
    ...findOptionProblems(
      "options",
      options,
      optionRulesByOperation[operation] ?? operationOptionRules,
    ),
  ]);
}

/** Throws a `ProviderError` for invalid arguments of `list`. */
export function checkListArguments(filter: unknown, options: unknown): void {
  throwIfInvalidArguments("list", [
    ...findFilterProblems(filter),
    ...findOptionProblems("options", options, operationOptionRules),
  ]);
}

/** Throws a TypeError if the arguments of `createProviders` are invalid. */
export function checkProvidersOptions(client: unknown, options: unknown): void {
  if (!isObject(client) || !("management" in client) || !("admin" in client)) {
    throw new TypeError(
      "argument client: must be a client with management and admin, such as createIdpClient returns",
    );
  }
  if (!isObject(options) || Array.isArray(options)) {
    throw new TypeError('argument options: must be an object such as { owner: "org" }');
  }
  for (const name of Object.keys(options)) {
    if (name !== "owner") {
      throwInvalidOption(name, `is not a known option; ${suggestOption(name, ["owner"])}`);
    }
  }
  const { owner } = options as { owner?: unknown };
  if (owner !== "org" && owner !== "instance") {
    throwInvalidOption("owner", 'must be "org" or "instance"');
  }
}
