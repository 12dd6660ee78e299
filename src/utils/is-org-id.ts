/** Returns true for a text that can be the id of an organization. Ids are opaque, and are sent as a header. */
export function isOrgId(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,200}$/.test(value);
}
