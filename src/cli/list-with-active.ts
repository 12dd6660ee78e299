import type { IdentityProvider, ListFilter, Providers } from "../providers/index.js";

/** A provider with its `active` flag, which is true if the login page offers the provider. */
export type ListedProvider = IdentityProvider & { readonly active: boolean };

/** Reads the providers that match a filter, with their `active` flags. Calls `onProvider` after each provider. */
export async function listWithActive(
  providers: Providers,
  filter: ListFilter,
  signal: AbortSignal,
  onProvider?: (count: number) => void,
): Promise<ListedProvider[]> {
  const { ids } = await providers.active({ signal });
  const listed: ListedProvider[] = [];
  for await (const provider of providers.list(filter, { signal })) {
    listed.push({ ...provider, active: ids.includes(provider.id) });
    onProvider?.(listed.length);
  }
  return listed;
}
