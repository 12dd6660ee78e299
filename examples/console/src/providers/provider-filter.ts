import type { IdentityProvider } from "zitadel-idp/providers";

/** The conditions on the providers to show. An empty text matches all. */
export interface ProviderFilter {
  /** A part of the name or the id. */
  readonly text: string;
  readonly type: string;
  readonly owner: string;
  readonly active: "" | "active" | "inactive";
}

export const emptyFilter: ProviderFilter = { text: "", type: "", owner: "", active: "" };

/** Returns the providers that match all conditions, by name. */
export function filterProviders(
  providers: readonly IdentityProvider[],
  activeIds: ReadonlySet<string>,
  { text, type, owner, active }: ProviderFilter,
): readonly IdentityProvider[] {
  const part = text.trim().toLowerCase();
  return providers
    .filter(
      (each) =>
        (each.name.toLowerCase().includes(part) || each.id === part) &&
        (type === "" || each.type === type) &&
        (owner === "" || each.owner === owner) &&
        (active === "" || activeIds.has(each.id) === (active === "active")),
    )
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
