/** The spelling of words that are not written in lower case. */
const words: Readonly<Record<string, string>> = {
  ca: "CA",
  dn: "DN",
  id: "ID",
  ids: "IDs",
  jwt: "JWT",
  pkce: "PKCE",
  url: "URL",
  xml: "XML",
  rsa: "RSA",
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha512: "SHA-512",
};

/** Labels that do not follow from the name of the field. */
const labels: Readonly<Record<string, string>> = {
  autoLinking: "Link existing accounts by",
  bindDn: "Bind DN",
  federatedLogoutEnabled: "Federated logout",
  instanceRolesInfo: "Organizations with instance roles",
  isAutoCreation: "Create accounts automatically",
  isAutoUpdate: "Update accounts at each sign-in",
  isCreationAllowed: "Allow creating accounts",
  isIdTokenMapping: "Read users from the ID token",
  isLinkingAllowed: "Allow linking accounts",
  options: "Accounts",
  startTls: "StartTLS",
  withSignedRequest: "Sign requests",
};

/** Returns the label of a field in English: `clientId` → `Client ID`. */
export function toFieldLabel(name: string): string {
  return labels[name] ?? toLabel(name.split(/(?=[A-Z])/));
}

/** Returns the label of a choice in English: `preferred-username` → `Preferred username`, `unspecified` → `Not set`. */
export function toChoiceLabel(choice: string): string {
  return choice === "unspecified" ? "Not set" : toLabel(choice.split("-"));
}

function toLabel(parts: readonly string[]): string {
  const text = parts.map((part) => words[part.toLowerCase()] ?? part.toLowerCase()).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
