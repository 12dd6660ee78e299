import { collect } from "../utils/collect.js";
import { createProviderConverter } from "./convert-provider.js";
import { type ListFilter, toListPage } from "./list-filter.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { ListPage, OwnerReads, RawProvider } from "./owner-reads.js";

const defaultPageSize = 200;
/** The number of rounds over all pages. If other writers disturb each round, one last request fetches all providers at once. */
const maxRounds = 3;

/**
 * Yields providers page by page. Every provider that exists from the first page to the last is yielded once.
 *
 * The server has no fixed order and no cursor, and moves providers between pages while others write. This function therefore skips ids
 * that it has yielded, and repeats the round over all pages until a round has as many different providers as the server counts. It
 * holds one page and the ids in memory.
 */
export async function* listProviders(
  api: OwnerReads,
  filter: ListFilter,
  operation: Operation,
): AsyncGenerator<IdentityProvider, void, undefined> {
  const convert = createProviderConverter(api, operation);
  const types = filter.type === undefined ? undefined : [filter.type].flat();
  const { state, pageSize = defaultPageSize } = filter;
  for await (const raw of listRawProviders(api, toListPage(api, filter), pageSize, operation)) {
    const model = await convert(raw);
    const isMatch =
      (types === undefined || types.includes(model.type)) &&
      (state === undefined || state === model.state);
    if (isMatch) {
      yield model;
    }
  }
}

/** Yields each provider once. Repeats the round over all pages until a round is complete. */
async function* listRawProviders(
  api: OwnerReads,
  page: ListPage,
  pageSize: number,
  operation: Operation,
): AsyncGenerator<RawProvider, void, undefined> {
  const yieldedIds = new Set<string>();
  const takeNew = (result: readonly RawProvider[]): RawProvider[] =>
    result.filter(({ provider: { id } }) => !yieldedIds.has(id) && yieldedIds.add(id));
  for (let round = 1; round <= maxRounds; round++) {
    const pages = listPages(api, page, pageSize, operation);
    let next = await pages.next();
    for (; !next.done; next = await pages.next()) {
      yield* takeNew(next.value);
    }
    if (next.value.isComplete) {
      return;
    }
  }
  yield* takeNew((await api.list(page, operation.callOptions())).result);
}

/**
 * Yields all pages of a list. The list is complete if the server's count stayed the same and as many different providers were on
 * the pages.
 */
async function* listPages(
  api: OwnerReads,
  page: ListPage,
  limit: number,
  operation: Operation,
): AsyncGenerator<readonly RawProvider[], { readonly isComplete: boolean }, undefined> {
  const ids = new Set<string>();
  let total: number | undefined;
  let isDisturbed = false;
  for (let offset = 0; ; offset += limit) {
    const response = await api.list({ ...page, offset, limit }, operation.callOptions());
    // The server returns no total for a page past the end.
    if (response.result.length > 0) {
      isDisturbed ||= total !== undefined && total !== response.total;
      total = response.total;
    }
    for (const { provider } of response.result) {
      ids.add(provider.id);
    }
    yield response.result;
    if (response.result.length < limit) {
      return { isComplete: !isDisturbed && ids.size === (total ?? 0) };
    }
  }
}

/** Lists all providers that the owner owns. */
export async function listAllProviders(
  api: OwnerReads,
  operation: Operation,
): Promise<IdentityProvider[]> {
  return await collect(listProviders(api, {}, operation));
}
