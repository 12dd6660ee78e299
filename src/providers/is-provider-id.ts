/**
 * Returns true for a text that can be the id of a provider. Ids are opaque, but the JSON wire protocol puts them into the path of a
 * URL: other characters would address another resource.
 */
export function isProviderId(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{1,200}$/.test(value);
}
