import { providerTypes } from "../../gen/providers.js";
import type { ProviderType } from "../providers/index.js";

/** The types of providers that can be created. */
export const providerTypeNames = Object.keys(providerTypes) as ProviderType[];

/** The names of the secret fields of all provider types. */
export const secretFieldNames: ReadonlySet<string> = new Set(
  Object.values(providerTypes).flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, { secret }]) => (secret ? [name] : [])),
  ),
);
