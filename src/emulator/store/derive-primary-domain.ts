/** The maximum length of a label, from RFC 1035. */
const maxLabelLength = 63;

/** Returns the domain that a server gives to an organization with a name: letters, digits and hyphens of the name. */
export function derivePrimaryDomain(name: string, instanceDomain: string): string {
  const label = name.replaceAll(" ", "-").replace(/[^\p{L}\p{M}0-9-]/gu, "");
  return `${label.slice(0, maxLabelLength)}.${instanceDomain}`.toLowerCase();
}
