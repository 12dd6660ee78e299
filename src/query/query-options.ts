import type { QueryKey } from "./query-cache.js";

/** Options for `useQuery`, `createQuery`, `fetchQuery` and similar functions of TanStack Query 5. */
export interface ProviderQuery<T> {
  /** The key, which begins with `keys.all`. */
  readonly queryKey: QueryKey;
  /** Runs the query. Ends early when TanStack Query aborts `signal`. */
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<T>;
}

/** Options for `useMutation` and similar functions of TanStack Query 5. */
export interface ProviderMutation<Result, Variables> {
  /** The key, which begins with `keys.all`. */
  readonly mutationKey: QueryKey;
  /** Runs the operation. Returns its result. */
  readonly mutationFn: (variables: Variables) => Promise<Result>;
  /** Updates the cache after a success. */
  readonly onSuccess: (result: Result, variables: Variables) => Promise<void>;
}

/** Options of a mutation that shows its result at once, and undoes it after a failure. */
export interface OptimisticMutation<Result, Variables, Before> extends Omit<
  ProviderMutation<Result, Variables>,
  "onSuccess"
> {
  /** Shows the result in the cache. Returns the earlier content, for `onError`. */
  readonly onMutate: (variables: Variables) => Promise<Before>;
  /** Restores the earlier content of the cache after a failure. */
  readonly onError: (error: Error, variables: Variables, before: Before | undefined) => void;
  /** Loads the queries again, after a success and after a failure. */
  readonly onSettled: () => Promise<void>;
}
