/** The owner that the page shows: the instance, or an organization. Without an id, the organization is the user's own. */
export type Owner =
  { readonly kind: "instance" } | { readonly kind: "org"; readonly id?: string | undefined };

/** Returns a text that identifies an owner. */
export function toOwnerKey(owner: Owner): string {
  return owner.kind === "org" ? `org ${owner.id ?? ""}` : "instance";
}
