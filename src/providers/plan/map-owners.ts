import { mapConcurrently } from "../../utils/map-concurrently.js";
import { createProblem, ProviderError, type ProviderProblem } from "../provider-error.js";
import { type Owner, toOwnerPath } from "./owner.js";
import { messageOf } from "../../utils/message.js";

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
