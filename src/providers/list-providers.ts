import { type IDP, TextQueryMethod } from "../idp.js";
import type { IdentityProvider } from "./model/provider.js";
import { toLegacyProvider, toIdentityProvider } from "./model/to-identity-provider.js";
import type { Operation } from "./operation.js";
import { nameMethods } from "./operation-arguments.js";
import type { OwnerReads, ListPage, RawProvider } from "./owner-reads.js";

/**
 * A filter of lists. Providers must match all members. A member with the value undefined is rejected, because it would not
 * narrow the list.
 */
export interface ListFilter {
  /** The whole name, or a part of the name. The server compares the names. */
  readonly name?:
    | string
    | {
        readonly contains?: string;
        readonly startsWith?: string;
        readonly endsWith?: string;
        readonly equals?: string;
        /** True to ignore upper and lower case. Default: false. */
        readonly ignoreCase?: boolean;
      };
  readonly id?: string;
  readonly type?: IdentityProvider["type"] | readonly IdentityProvider["type"][];
  /**
   * The owner of the providers. Default: the owner of the operations. An organization also sees the providers of the instance:
   * use `"instance"` for those, or `"any"` for both.
   */
  readonly owner?: "org" | "instance" | "any";
  readonly state?: IdentityProvider["state"];
  /** The number of providers in each request. Default: 200. */
  readonly pageSize?: number;
}

const defaultPageSize = 200;
/** The number of paged rounds. If other writers disturb all of them, one last request fetches all providers at once. */
const maxRounds = 3;

/**
 * Yields providers page by page. Every provider that exists from the first page to the last is yielded once.
 *
 * The server has no fixed order and no cursor, and moves providers between pages while others write. So providers are
 * deduplicated by id, and rounds are run until one of them saw as many different providers as the server counts. Only one page
 * and the ids are held in memory.
 */
export async function* listProviders(
  api: OwnerReads,
  filter: ListFilter,
  operation: Operation,
): AsyncGenerator<IdentityProvider, void, undefined> {
  const toModel = createProviderConverter(api, operation);
  const types = filter.type === undefined ? undefined : [filter.type].flat();
  for await (const read of allProviders(api, toListPage(api, filter), filter.pageSize, operation)) {
    const model = await toModel(read);
    if (
      (types === undefined || types.includes(model.type)) &&
      (filter.state === undefined || filter.state === model.state)
    ) {
      yield model;
    }
  }
}

async function* allProviders(
  api: OwnerReads,
  narrowed: ListPage,
  limit: number = defaultPageSize,
  operation: Operation,
): AsyncGenerator<RawProvider, void, undefined> {
  const given = new Set<string>();
  const fresh = (result: readonly RawProvider[]): RawProvider[] =>
    result.filter(({ provider: { id } }) => !given.has(id) && given.add(id));
  for (let round = 1; round <= maxRounds; round++) {
    const seen = new Set<string>();
    let isDisturbed = false;
    let total: number | undefined;
    for (let offset = 0; ; offset += limit) {
      const page = await api.list({ ...narrowed, offset, limit }, operation.call());
      // The server returns no total for a page past the end.
      if (page.result.length > 0) {
        isDisturbed ||= total !== undefined && total !== page.total;
        total = page.total;
      }
      for (const { provider } of page.result) {
        seen.add(provider.id);
      }
      yield* fresh(page.result);
      if (page.result.length < limit) {
        break;
      }
    }
    if (!isDisturbed && seen.size === (total ?? 0)) {
      return;
    }
  }
  yield* fresh((await api.list(narrowed, operation.call())).result);
}

function toListPage({ owner: own }: OwnerReads, { id, name, owner = own }: ListFilter): ListPage {
  return {
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name: nameQuery(name) }),
    ...(owner !== "any" && { owner }),
  };
}

function nameQuery(name: NonNullable<ListFilter["name"]>): NonNullable<ListPage["name"]> {
  if (typeof name === "string") {
    return { text: name, method: TextQueryMethod.EQUALS };
  }
  const key = nameMethods.find((method) => name[method] !== undefined) ?? "equals";
  const [exact, ignoringCase] = queryMethods[key];
  return { text: name[key] ?? "", method: name.ignoreCase ? ignoringCase : exact };
}

const queryMethods = {
  equals: [TextQueryMethod.EQUALS, TextQueryMethod.EQUALS_IGNORE_CASE],
  contains: [TextQueryMethod.CONTAINS, TextQueryMethod.CONTAINS_IGNORE_CASE],
  startsWith: [TextQueryMethod.STARTS_WITH, TextQueryMethod.STARTS_WITH_IGNORE_CASE],
  endsWith: [TextQueryMethod.ENDS_WITH, TextQueryMethod.ENDS_WITH_IGNORE_CASE],
} as const;

/**
 * Creates a function that converts providers into the model. Lists show legacy IDPs as OIDC or JWT providers; only the list of
 * legacy IDPs identifies them. That list is fetched with the first provider of these types.
 */
export function createProviderConverter(
  api: OwnerReads,
  operation: Operation,
): (read: RawProvider) => Promise<IdentityProvider> {
  let legacy: Promise<ReadonlyMap<string, IDP>> | undefined;
  const load = async (): Promise<ReadonlyMap<string, IDP>> =>
    new Map((await api.legacy(undefined, operation.call())).map((idp) => [idp.id, idp]));
  return async ({ provider, notDecoded }) => {
    const model = toIdentityProvider(provider, notDecoded);
    if (model.type !== "oidc" && model.type !== "jwt") {
      return model;
    }
    const idp = (await (legacy ??= load())).get(provider.id);
    return idp === undefined ? model : toLegacyProvider(idp);
  };
}
