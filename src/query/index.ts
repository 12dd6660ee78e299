/**
 * Queries and mutations of identity providers for TanStack Query 5, without a dependency on it. For browsers too.
 *
 * @module
 */
export { createProviderQueries } from "./provider-queries.js";
export type {
  BeforeSwitch,
  DeleteVariables,
  ProviderQueries,
  ProviderQueriesOptions,
  SwitchVariables,
  UpdateVariables,
} from "./provider-queries.js";
export type { QueryCacheClient, QueryKey } from "./query-cache.js";
export type { OptimisticMutation, ProviderMutation, ProviderQuery } from "./query-options.js";
