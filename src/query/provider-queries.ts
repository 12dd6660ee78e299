import type {
  ActivationOptions,
  ActivationResult,
  ActiveProviders,
} from "../providers/activate-provider.js";
import type { DeleteOptions, DeleteResult } from "../providers/delete-provider.js";
import type { ListFilter } from "../providers/list-filter.js";
import type {
  IdentityProvider,
  ProviderPatch,
  ProviderSettings,
} from "../providers/model/provider.js";
import type { Providers } from "../providers/providers.js";
import type { UpdateResult } from "../providers/update-provider.js";
import { collect } from "../utils/collect.js";
import type { QueryCacheClient, QueryKey } from "./query-cache.js";
import type { OptimisticMutation, ProviderMutation, ProviderQuery } from "./query-options.js";

/** Options of `createProviderQueries`. */
export interface ProviderQueriesOptions {
  /**
   * A part of all keys. Set it if a page shows several organizations or instances, for example to the id of the organization: their
   * queries would otherwise share keys. Default: the owner of the operations, `org` or `instance`.
   */
  readonly scope?: string | undefined;
}

/** The variables of an update. */
export interface UpdateVariables {
  /** The id of the provider. */
  readonly id: string;
  /** The fields to change, as `providers.update` takes them. */
  readonly patch: ProviderPatch;
}

/**
 * The variables of a switch, which activates or deactivates a provider. An organization without a login policy of its own needs
 * `createPolicy: true`.
 */
export interface SwitchVariables extends Pick<ActivationOptions, "createPolicy"> {
  /** The id of the provider. */
  readonly id: string;
  /** True to activate the provider, false to deactivate it. */
  readonly active: boolean;
}

/** The variables of a deletion: the id, and the users to check or `evenIfLinked: true`, as `providers.delete` needs them. */
export interface DeleteVariables extends DeleteOptions {
  /** The id of the provider. */
  readonly id: string;
}

/** The active providers before a switch, to undo the switch after a failure. */
export interface BeforeSwitch {
  /** The cached active providers. Undefined if they were not read yet. */
  readonly active: ActiveProviders | undefined;
}

/** The queries and mutations of the providers of one owner, for TanStack Query 5 in React, Vue, Solid, Svelte and Angular. */
export interface ProviderQueries {
  /** The keys, to invalidate queries yourself. The key of each query begins with `all`. */
  readonly keys: {
    readonly all: QueryKey;
    readonly lists: QueryKey;
    readonly list: (filter?: ListFilter) => QueryKey;
    readonly get: (id: string) => QueryKey;
    readonly active: QueryKey;
  };
  /** Returns the query of a list of providers. */
  list(filter?: ListFilter): ProviderQuery<readonly IdentityProvider[]>;
  /** Returns the query of one provider. */
  get(id: string): ProviderQuery<IdentityProvider>;
  /** Returns the query of the providers that the login page offers. */
  active(): ProviderQuery<ActiveProviders>;
  /** Returns the mutation that adds a provider. It succeeds when lists show the provider. */
  add(cache: QueryCacheClient): ProviderMutation<IdentityProvider, ProviderSettings>;
  /** Returns the mutation that changes a provider. It succeeds when lists show the change. */
  update(cache: QueryCacheClient): ProviderMutation<UpdateResult, UpdateVariables>;
  /**
   * Returns the mutation that activates or deactivates a provider. The query `active` shows the change at once, and the old state again
   * if the call fails.
   */
  switch(
    cache: QueryCacheClient,
  ): OptimisticMutation<ActivationResult, SwitchVariables, BeforeSwitch>;
  /** Returns the mutation that deletes a provider. Cached lists lose the provider as soon as the call succeeds. */
  delete(cache: QueryCacheClient): ProviderMutation<DeleteResult, DeleteVariables>;
}

/**
 * Creates the queries and mutations of the providers of one owner, for TanStack Query 5. They are plain objects, for any framework.
 *
 * @example
 * const queries = createProviderQueries(createProviders(zitadel, { owner: "org" }));
 * const { data } = useQuery(queries.list());
 * const { mutate } = useMutation(queries.switch(useQueryClient()));
 */
export function createProviderQueries(
  providers: Providers,
  { scope = providers.owner }: ProviderQueriesOptions = {},
): ProviderQueries {
  const keys = createKeys(scope);
  return {
    keys,
    list: (filter = {}) => ({
      queryKey: keys.list(filter),
      queryFn: async ({ signal }) => await collect(providers.list(filter, { signal })),
    }),
    get: (id) => ({
      queryKey: keys.get(id),
      queryFn: async ({ signal }) => await providers.get(id, { signal }),
    }),
    active: () => ({
      queryKey: keys.active,
      queryFn: async ({ signal }) => await providers.active({ signal }),
    }),
    add: createAdd(providers, keys),
    update: createUpdate(providers, keys),
    switch: createSwitch(providers, keys),
    delete: createDelete(providers, keys),
  };
}

type Keys = ProviderQueries["keys"];

function createAdd(providers: Providers, keys: Keys): ProviderQueries["add"] {
  return (cache) => ({
    mutationKey: [...keys.all, "add"],
    async mutationFn(settings) {
      const provider = await providers.add(settings);
      await waitForLists(providers, provider);
      return provider;
    },
    async onSuccess(provider) {
      cache.setQueryData(keys.get(provider.id), provider);
      await cache.invalidateQueries({ queryKey: keys.lists });
    },
  });
}

function createUpdate(providers: Providers, keys: Keys): ProviderQueries["update"] {
  return (cache) => ({
    mutationKey: [...keys.all, "update"],
    async mutationFn({ id, patch }) {
      const result = await providers.update(id, patch);
      await waitForLists(providers, result.provider);
      return result;
    },
    async onSuccess({ provider }) {
      cache.setQueryData(keys.get(provider.id), provider);
      await cache.invalidateQueries({ queryKey: keys.lists });
    },
  });
}

function createSwitch(providers: Providers, keys: Keys): ProviderQueries["switch"] {
  return (cache) => ({
    mutationKey: [...keys.all, "switch"],
    mutationFn: async ({ id, active, ...options }) =>
      active ? await providers.activate(id, options) : await providers.deactivate(id, options),
    async onMutate(change) {
      // A read in progress would overwrite the state that is shown now.
      await cache.cancelQueries({ queryKey: keys.active });
      const active = cache.getQueryData(keys.active) as ActiveProviders | undefined;
      if (active !== undefined) {
        cache.setQueryData(keys.active, applySwitch(active, change));
      }
      return { active };
    },
    onError(_error, _change, before) {
      if (before?.active !== undefined) {
        cache.setQueryData(keys.active, before.active);
      }
    },
    onSettled: async () => await cache.invalidateQueries({ queryKey: keys.active }),
  });
}

function createDelete(providers: Providers, keys: Keys): ProviderQueries["delete"] {
  return (cache) => ({
    mutationKey: [...keys.all, "delete"],
    mutationFn: async ({ id, ...options }) => await providers.delete(id, options),
    async onSuccess(_result, { id }) {
      cache.removeQueries({ queryKey: keys.get(id) });
      cache.setQueriesData({ queryKey: keys.lists }, (data) => omitProvider(data, id));
      // Lists lag behind the deletion, so a read at once could bring the provider back.
      await cache.invalidateQueries({ queryKey: keys.lists, refetchType: "none" });
      await cache.invalidateQueries({ queryKey: keys.active });
    },
  });
}

function createKeys(scope: string): Keys {
  const all = ["zitadel-idp", scope] as const;
  const lists = [...all, "list"] as const;
  return {
    all,
    lists,
    list: (filter = {}) => [...lists, filter],
    get: (id) => [...all, "get", id],
    active: [...all, "active"],
  };
}

/** Waits until lists show a provider as it is now. Ignores a timeout: the change itself has succeeded. */
async function waitForLists(
  providers: Providers,
  { id, sequence }: IdentityProvider,
): Promise<void> {
  await providers.waitUntilVisible(id, { sequence }).catch(() => undefined);
}

function applySwitch(before: ActiveProviders, { id, active }: SwitchVariables): ActiveProviders {
  const others = before.ids.filter((each) => each !== id);
  return { ...before, ids: active ? [...others, id] : others };
}

function omitProvider(data: unknown, id: string): unknown {
  return Array.isArray(data)
    ? (data as readonly IdentityProvider[]).filter((each) => each.id !== id)
    : data;
}
