/** Runs an action for each item, a few at a time, and returns the results in the order of the items. */
export async function mapConcurrently<Item, Result>(
  lanes: number,
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    // All lanes take their items from the same iterator.
    for (const [index, item] of waiting) {
      results[index] = await action(item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}
