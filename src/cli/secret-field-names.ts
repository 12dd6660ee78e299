import { providerTypes } from "../../gen/providers.js";

/** The names of the secret fields of all provider types. */
export const secretFieldNames: ReadonlySet<string> = new Set(
  Object.values(providerTypes).flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, { secret }]) => (secret ? [name] : [])),
  ),
);
