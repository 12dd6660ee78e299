import { collect } from "../utils/collect.js";
import { createProviderConverter } from "./convert-provider.js";
import { type ListFilter, toListPage } from "./list-filter.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { ListPage, OwnerReads, RawProvider } from "./owner-reads.js";

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
  const convert = createProviderConverter(api, operation);
  const types = filter.type === undefined ? undefined : [filter.type].flat();
  for await (const raw of listRawProviders(
    api,
    toListPage(api, filter),
    filter.pageSize,
    operation,
  )) {
    const model = await convert(raw);
    if (
      (types === undefined || types.includes(model.type)) &&
      (filter.state === undefined || filter.state === model.state)
    ) {
      yield model;
    }
  }
}

async function* listRawProviders(
  api: OwnerReads,
  page: ListPage,
  limit: number = defaultPageSize,
  operation: Operation,
): AsyncGenerator<RawProvider, void, undefined> {
  const yielded = new Set<string>();
  const notYielded = (result: readonly RawProvider[]): RawProvider[] =>
    result.filter(({ provider: { id } }) => !yielded.has(id) && yielded.add(id));
  for (let round = 1; round <= maxRounds; round++) {
    const seen = new Set<string>();
    let isDisturbed = false;
    let total: number | undefined;
    for (let offset = 0; ; offset += limit) {
      const { result, total: currentTotal } = await api.list(
        { ...page, offset, limit },
        operation.callOptions(),
      );
      // The server returns no total for a page past the end.
      if (result.length > 0) {
        isDisturbed ||= total !== undefined && total !== currentTotal;
        total = currentTotal;
      }
      for (const { provider } of result) {
        seen.add(provider.id);
      }
      yield* notYielded(result);
      if (result.length < limit) {
        break;
      }
    }
    if (!isDisturbed && seen.size === (total ?? 0)) {
      return;
    }
  }
  yield* notYielded((await api.list(page, operation.callOptions())).result);
}

/** Lists all providers that the owner owns. */
export async function listAllProviders(
  api: OwnerReads,
  operation: Operation,
): Promise<IdentityProvider[]> {
  return await collect(listProviders(api, {}, operation));
}
