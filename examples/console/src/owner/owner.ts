/** The owner that the page shows: the instance, or an organization. Without an id it is the organization of the user. */
export type Owner =
  { readonly kind: "instance" } | { readonly kind: "org"; readonly id?: string | undefined };

/** Returns a text that tells owners apart. */
export function ownerKey(owner: Owner): string {
  return owner.kind === "org" ? `org ${owner.id ?? ""}` : "instance";
}
