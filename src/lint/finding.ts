import type { IdentityProvider } from "../providers/model/provider.js";
import type { Owner } from "../providers/plan/owner.js";

/**
 * The severity of a finding.
 *
 * - `broken`: sign-in fails, or nobody can use the provider
 * - `risk`: sign-in works, but can let in the wrong people, lock users out, or lose data
 * - `expires`: something works until a date that is near or past
 * - `note`: a fact worth knowing, without anything to do
 * - `unchecked`: the check could not be made, for the reason in the message
 */
export type Severity = "broken" | "risk" | "expires" | "note" | "unchecked";

/** The provider that a finding is about. */
export interface FindingProvider {
  /** The type. */
  readonly type: IdentityProvider["type"];
  /** The name. May be empty. */
  readonly name: string;
  /** The id. Absent for a provider of a file that does not exist yet. */
  readonly id?: string | undefined;
}

/** One result of a check. It never contains the value of a secret. */
export interface Finding {
  /** The severity. */
  readonly severity: Severity;
  /** The name of the check, `topic/kebab-case`. docs/checks.md lists all checks, with their meaning and fix. */
  readonly check: string;
  /** The owner of the provider, or of the login policy. */
  readonly owner: Owner;
  /** The provider. Absent if the finding is about the login policy of the owner. */
  readonly provider?: FindingProvider | undefined;
  /** The field to change, by its name in provider files, e.g. `options.isCreationAllowed`. */
  readonly field?: string | undefined;
  /** The fact, and why it matters. */
  readonly message: string;
  /** The fix: the command, field or setting to change. */
  readonly fix: string;
  /** The time at which something expires, in ISO 8601. */
  readonly expiresAt?: string | undefined;
}

/** The meaning and the fix of a check, for its documentation. */
export interface CheckDescription {
  readonly meaning: string;
  readonly fix: string;
}
