import { type LintSubject, readText } from "./lint-rule.js";

/**
 * The trust in a value that a provider reports about its users.
 *
 * - `verified`: the provider verifies the value, and ZITADEL can see this
 * - `unknown`: the trust depends on the administrators of the provider
 * - `claimed`: users, or administrators of foreign directories, choose the value
 */
export type ValueTrust = "verified" | "unknown" | "claimed";

/** Returns true for a provider at which everyone can get an account. */
export function isPublicProvider({ type, values }: LintSubject): boolean {
  return (
    type === "apple" ||
    type === "github" ||
    type === "gitlab" ||
    type === "google" ||
    (type === "azureAd" &&
      (hasManyDirectories(values) || readText(values, "tenant") === "consumers"))
  );
}

/** Returns true for a tenant in which users of any directory can sign in. The default is such a tenant. */
export function hasManyDirectories(values: LintSubject["values"]): boolean {
  return ["", "common", "organizations"].includes(readText(values, "tenant"));
}

/** Returns the trust in the email addresses of a provider. */
export function rateEmailAddresses({ type, values }: LintSubject): ValueTrust {
  switch (type) {
    case "apple":
    case "github":
    case "gitlab":
    case "google":
      return "verified";
    case "azureAd":
      // Microsoft does not report verified addresses, and anyone can create a directory with any addresses.
      return hasManyDirectories(values) ? "claimed" : "unknown";
    case "oauth":
      // ZITADEL does not read from the user endpoint whether the address is verified.
      return "claimed";
    default:
      return "unknown";
  }
}

/** Returns the trust in the user names of a provider. */
export function rateUserNames({ type, values }: LintSubject): ValueTrust {
  switch (type) {
    case "apple":
    case "google":
      // ZITADEL takes the verified email address as the user name.
      return "verified";
    case "github":
    case "gitlab":
      return "claimed";
    case "azureAd":
      return hasManyDirectories(values) ? "claimed" : "unknown";
    default:
      return "unknown";
  }
}
