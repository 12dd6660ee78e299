import { stringify } from "yaml";
import type { IdentityProvider } from "../providers/index.js";
import { label } from "../providers/plan/desired.js";
import { printableDeep } from "../printable.js";

/** A provider in YAML to read. */
export function providerText(provider: IdentityProvider & { readonly active?: boolean }): string {
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

/** A provider in a few words. */
export function providerLabel({ type, name, id }: IdentityProvider): string {
  return `${label(type, name)} (${id})`;
}
