import { stringify } from "yaml";
import type { IdentityProvider } from "../../providers/index.js";
import { describeProvider } from "../../providers/plan/labels.js";
import { printableDeep } from "../../utils/printable.js";

/** Formats a provider as YAML for people. */
export function formatProvider(provider: IdentityProvider & { readonly active?: boolean }): string {
  const { createdAt, changedAt, ...rest } = provider;
  return stringify(
    printableDeep({
      ...rest,
      ...(createdAt && { createdAt: createdAt.toISOString() }),
      ...(changedAt && { changedAt: changedAt.toISOString() }),
    }),
    { lineWidth: 0 },
  );
}

/** Returns type, name and id of a provider, e.g. `google "Google" (123)`. */
export function formatProviderLabel({ type, name, id }: IdentityProvider): string {
  return `${describeProvider(type, name)} (${id})`;
}
