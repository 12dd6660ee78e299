import { providerTypes } from "../../gen/providers.js";
import { TextQueryMethod } from "../services/idp.js";
import { isObject } from "../utils/is-object.js";
import {
  type ArgumentRules,
  booleanRule,
  countRule,
  findOptionProblems,
  idRule,
  createOneOfRule,
  textRule,
} from "./argument-rules.js";
import { legacyTypes } from "./model/legacy-types.js";
import type { IdentityProvider } from "./model/provider.js";
import type { ListPage, OwnerReads } from "./owner-reads.js";
import type { ProviderProblem } from "./provider-error.js";

/**
 * A filter of lists. A provider must match all members. A member with the value undefined is rejected, because a list without the
 * filter would contain too many providers.
 */
export interface ListFilter {
  /** The whole name, or a part of it. */
  readonly name?:
    | string
    | {
        readonly contains?: string | undefined;
        readonly startsWith?: string | undefined;
        readonly endsWith?: string | undefined;
        readonly equals?: string | undefined;
        /** True to ignore upper and lower case. Default: false. */
        readonly ignoreCase?: boolean | undefined;
      }
    | undefined;
  /** The id. */
  readonly id?: string | undefined;
  /** The type, or several types of which one must match. */
  readonly type?: IdentityProvider["type"] | readonly IdentityProvider["type"][] | undefined;
  /**
   * The owner of the providers. Default: the owner of the operations. An organization also sees the providers of the instance:
   * `"instance"` selects these, and `"any"` selects both.
   */
  readonly owner?: "org" | "instance" | "any" | undefined;
  /** The state. */
  readonly state?: IdentityProvider["state"] | undefined;
  /** The number of providers in each request. Default: 200. */
  readonly pageSize?: number | undefined;
}

const typeNames = [...Object.keys(providerTypes), ...legacyTypes, "unknown"];
const typeRule = createOneOfRule(...typeNames);

const filterRules: ArgumentRules = {
  name: (value) => (isObject(value) ? undefined : textRule(value)),
  id: idRule,
  type: (value) =>
    Array.isArray(value)
      ? value.length === 0
        ? "must have at least one type"
        : value.map(typeRule).find((problem) => problem !== undefined)
      : typeRule(value),
  owner: createOneOfRule("org", "instance", "any"),
  state: createOneOfRule("active", "inactive", "unspecified"),
  pageSize: countRule,
};

const nameMethods = ["equals", "contains", "startsWith", "endsWith"] as const;

const nameFilterRules: ArgumentRules = {
  ...Object.fromEntries(nameMethods.map((method) => [method, textRule])),
  ignoreCase: booleanRule,
};

/**
 * Returns the problems of a filter, such as misspelled members and members without a value, which would not narrow the list as the
 * caller expects.
 */
export function findFilterProblems(filter: unknown): ProviderProblem[] {
  const problems = findOptionProblems("filter", filter, filterRules, { isStrict: true });
  return problems.length === 0 && isObject(filter) && "name" in filter
    ? findNameProblems(filter.name)
    : problems;
}

function findNameProblems(name: unknown): ProviderProblem[] {
  if (!isObject(name)) {
    return [];
  }
  const problems = findOptionProblems("filter.name", name, nameFilterRules, { isStrict: true });
  const given = nameMethods.filter((method) => method in name);
  return problems.length > 0 || given.length === 1
    ? problems
    : [{ path: ["filter", "name"], message: `must have exactly one of ${nameMethods.join(", ")}` }];
}

/** Returns the part of a filter that the server applies. The server cannot filter by type and state. */
export function toListPage(
  { owner: defaultOwner }: OwnerReads,
  { id, name, owner = defaultOwner }: ListFilter,
): ListPage {
  return {
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name: toNameQuery(name) }),
    ...(owner !== "any" && { owner }),
  };
}

function toNameQuery(name: NonNullable<ListFilter["name"]>): NonNullable<ListPage["name"]> {
  if (typeof name === "string") {
    return { text: name, method: TextQueryMethod.EQUALS };
  }
  const key = nameMethods.find((method) => name[method] !== undefined) ?? "equals";
  const [caseSensitive, caseInsensitive] = queryMethods[key];
  return { text: name[key] ?? "", method: name.ignoreCase ? caseInsensitive : caseSensitive };
}

/** The server's methods of comparing a name, with and without regard to case. */
const queryMethods = {
  equals: [TextQueryMethod.EQUALS, TextQueryMethod.EQUALS_IGNORE_CASE],
  contains: [TextQueryMethod.CONTAINS, TextQueryMethod.CONTAINS_IGNORE_CASE],
  startsWith: [TextQueryMethod.STARTS_WITH, TextQueryMethod.STARTS_WITH_IGNORE_CASE],
  endsWith: [TextQueryMethod.ENDS_WITH, TextQueryMethod.ENDS_WITH_IGNORE_CASE],
} as const;
