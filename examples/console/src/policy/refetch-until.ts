import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** The pauses between reads, in milliseconds. ZITADEL shows most changes after some milliseconds. */
const pauses = [0, 50, 100, 200, 400, 800];

/** Refetches a query until it has the expected result. Gives up after 1.5 seconds without an error, because the change is done. */
export async function refetchUntil(
  cache: QueryClient,
  queryKey: QueryKey,
  isExpected: (data: unknown) => boolean,
): Promise<void> {
  for (const pause of pauses) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    await cache.refetchQueries({ queryKey });
    if (isExpected(cache.getQueryData(queryKey))) {
      return;
    }
  }
}
