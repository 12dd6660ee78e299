/** The key of a query. */
export type QueryKey = readonly unknown[];

/** The methods of TanStack's QueryClient that the mutations use. Every QueryClient from version 5 has them. */
export interface QueryCacheClient {
  cancelQueries(filters: { queryKey: QueryKey }): Promise<void>;
  invalidateQueries(
    filters: { queryKey: QueryKey } | { queryKey: QueryKey; refetchType: "none" },
  ): Promise<void>;
  removeQueries(filters: { queryKey: QueryKey }): void;
  getQueryData(queryKey: QueryKey): unknown;
  setQueryData(queryKey: QueryKey, data: unknown): unknown;
  setQueriesData(filters: { queryKey: QueryKey }, update: (data: unknown) => unknown): unknown;
}
