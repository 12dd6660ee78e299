import { joinWithOr } from "../../../utils/join-with-or.js";
import { findNearestName, toLettersAndDigits } from "../../find-nearest-name.js";

/**
 * Returns a hint with the closest name, or with all known names if none is close. `others` are names that the hint may suggest but never
 * lists, such as paths to fields inside other fields.
 */
export function suggestField(
  name: string,
  known: readonly string[],
  others: readonly string[] = [],
): string {
  const near = findKnownName(name, [...known, ...others]);
  return near === undefined ? `it has ${known.join(", ")}` : `did you mean ${near}?`;
}

/** The types by the names of products and protocols that people write in their place, in lower case without punctuation. */
const typesOfOtherNames: ReadonlyMap<string, string> = new Map([
  ["aad", "azureAd"],
  ["activedirectory", "ldap"],
  ["adfs", "saml"],
  ["auth0", "oidc"],
  ["entra", "azureAd"],
  ["entraid", "azureAd"],
  ["githubenterprise", "githubEs"],
  ["githubenterpriseserver", "githubEs"],
  ["githubserver", "githubEs"],
  ["gitlabce", "gitlabSelfHosted"],
  ["gitlabee", "gitlabSelfHosted"],
  ["gitlabselfmanaged", "gitlabSelfHosted"],
  ["keycloak", "oidc"],
  ["microsoft", "azureAd"],
  ["microsoftentraid", "azureAd"],
  ["okta", "oidc"],
  ["openid", "oidc"],
  ["openidconnect", "oidc"],
]);

/** Returns a hint with the closest known value, or nothing if none is close. */
function suggestValue(value: unknown, known: readonly string[]): string {
  const near = typeof value === "string" ? findValue(value, known) : undefined;
  return near === undefined ? "" : `; did you mean ${near}?`;
}

/**
 * Returns the known name that `name` most likely means. `name` may be one of ZITADEL's longer constants, or a URI of SAML or XML
 * signatures. Of a known name that is a path, the last part is compared.
 */
export function findKnownName(name: string, known: readonly string[]): string | undefined {
  const isConstant = /^[A-Z0-9]+(?:_[A-Z0-9]+)+$|^(?:urn:|https?:\/\/|HTTP-)/.test(name);
  const given = toLettersAndDigits(name);
  const near = findNearestName(name, known.map(getLastPart));
  return known.find((each) =>
    near === undefined
      ? isConstant && given.endsWith(toLettersAndDigits(getLastPart(each)))
      : getLastPart(each) === near,
  );
}

function getLastPart(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function findValue(value: string, known: readonly string[]): string | undefined {
  const other = typesOfOtherNames.get(toLettersAndDigits(value));
  return other !== undefined && known.includes(other) ? other : findKnownName(value, known);
}

/** Returns the problem of a value that is not among the known texts. */
export function describeAllowedValues(value: unknown, known: readonly string[]): string {
  return `must be ${joinWithOr(known)}${suggestValue(value, known)}`;
}
