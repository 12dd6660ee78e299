import { createProblem, ProviderError, type ProviderProblem } from "../provider-error.js";
import { type Owner, toOwnerPath } from "./owner.js";
import { messageOf } from "../../utils/message.js";

/**
 * Runs a task for each item, at most `concurrency` at a time. Returns the results in the order of the items. After a failure, starts no
 * further tasks and throws.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let hasFailed = false;
  const runNextTasks = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next++;
      try {
        results[index] = await task(items[index] as Item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, runNextTasks));
  return results;
}

/**
 * Runs a task for each owner, and continues after a failure. With several owners, then throws a `ProviderError` that names each failed
 * owner and has the first failure as its cause. With one owner, throws the failure itself. An abort ends the run at once.
 */
export async function mapOwners<Item extends { readonly owner: Owner }, Result>(
  items: readonly Item[],
  concurrency: number,
  signal: AbortSignal | undefined,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const failures: { readonly problem: ProviderProblem; readonly cause: unknown }[] = [];
  const results = await mapConcurrently(items, concurrency, async (item) => {
    try {
      return [await task(item)];
    } catch (cause) {
      if (items.length === 1 || signal?.aborted === true) {
        throw cause;
      }
      const problem = createProblem(toOwnerPath(item.owner), messageOf(cause), [cause]);
      failures.push({ problem, cause });
      return [];
    }
  });
  if (failures.length > 0) {
    throw new ProviderError({
      reason: "unreadable",
      about: "the plan",
      problems: failures.map(({ problem }) => problem),
      cause: failures[0]?.cause,
    });
  }
  return results.flat();
}
