import type {
  IDPQuery as AdminIDPQuery,
  ProviderQuery as AdminProviderQuery,
} from "../../../gen/zitadel/admin_pb.js";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import type { IDPQuery, ProviderQuery } from "../../../gen/zitadel/management_pb.js";
import { TextQueryMethod } from "../../../gen/zitadel/object_pb.js";
import type { Lookup } from "../errors/lookup-error.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";

/** A filter of any list of providers or legacy IDPs. */
export type ListQueryFilter = AdminIDPQuery | AdminProviderQuery | IDPQuery | ProviderQuery;

interface ListItem {
  readonly id: string;
  readonly name: string;
  readonly owner: IDPOwnerType;
}

type TextMatch = (text: string, searched: string) => boolean;

const equals: TextMatch = (text, searched) => text === searched;
const startsWith: TextMatch = (text, searched) => text.startsWith(searched);
const contains: TextMatch = (text, searched) => text.includes(searched);
const endsWith: TextMatch = (text, searched) => text.endsWith(searched);
const ignoringCase =
  (match: TextMatch): TextMatch =>
  (text, searched) =>
    match(text.toLowerCase(), searched.toLowerCase());

const textMatches: Readonly<Record<TextQueryMethod, TextMatch>> = {
  [TextQueryMethod.EQUALS]: equals,
  [TextQueryMethod.EQUALS_IGNORE_CASE]: ignoringCase(equals),
  [TextQueryMethod.STARTS_WITH]: startsWith,
  [TextQueryMethod.STARTS_WITH_IGNORE_CASE]: ignoringCase(startsWith),
  [TextQueryMethod.CONTAINS]: contains,
  [TextQueryMethod.CONTAINS_IGNORE_CASE]: ignoringCase(contains),
  [TextQueryMethod.ENDS_WITH]: endsWith,
  [TextQueryMethod.ENDS_WITH_IGNORE_CASE]: ignoringCase(endsWith),
};

/** Returns true if `text` matches `searched` by a method such as "contains". */
export function matchesText(method: TextQueryMethod, text: string, searched: string): boolean {
  return textMatches[method](text, searched);
}

/** Returns the items of `all` that match every query. Throws the error of `lookup` for a query with a NUL. */
export function filterList<T extends ListItem>(
  all: readonly T[],
  queries: readonly ListQueryFilter[],
  lookup: Lookup,
): T[] {
  queries.forEach((query) => rejectNulInLookup(lookup, readSearchedText(query)));
  return sortArbitrarily(
    all.filter((item) => queries.every((query) => matchesFilter(item, query))),
  );
}

function readSearchedText({ query }: ListQueryFilter): string {
  switch (query.case) {
    case "idpIdQuery":
      return query.value.id;
    case "idpNameQuery":
      return query.value.name;
    default:
      return "";
  }
}

function matchesFilter(item: ListItem, { query }: ListQueryFilter): boolean {
  switch (query.case) {
    case "idpIdQuery":
      return item.id === query.value.id;
    case "idpNameQuery":
      return matchesText(query.value.method, item.name, query.value.name);
    case "ownerTypeQuery":
      return item.owner === (query.value.ownerType || IDPOwnerType.IDP_OWNER_TYPE_ORG);
    default:
      return true;
  }
}

/**
 * Sorts items by their reversed ids. The server's order is stable but has no meaning. The order of insertion would tempt clients to
 * rely on it.
 */
export function sortArbitrarily<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: [...item.id].toReversed().join("") }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
