import type { CheckedProvider } from "./checked-provider.js";

/** Returns the way to change a field: the command for a provider of the server, or the place in the file for one that does not exist yet. */
export function describeChange(
  { id, name }: Pick<CheckedProvider, "id" | "name">,
  field: string,
  value = "…",
): string {
  return id === undefined
    ? `${field} of ${JSON.stringify(name)} in the file`
    : `zitadel-idp update ${id} --set ${field}=${value}`;
}

/** Returns the way to change a secret, without its value. */
export function describeSecretChange(
  { id, name }: Pick<CheckedProvider, "id" | "name">,
  field: string,
): string {
  return id === undefined
    ? `${field} of ${JSON.stringify(name)} in the file`
    : `zitadel-idp update ${id} --secret-env ${field}=VARIABLE`;
}
