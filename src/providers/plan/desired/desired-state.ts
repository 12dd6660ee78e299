import type { LegacyType } from "../../model/legacy-types.js";
import type { ProviderSettings } from "../../model/provider.js";
import type { Owner } from "../owner.js";
import type { SecretDateFields } from "./secret-dates.js";

/**
 * A provider in its desired state. The entry is complete: a field that is left out gets its default. Secrets, `active`, and the fields
 * that ZITADEL itself keeps (scopes, `rootCa` and `nameIdFormat`) keep their current value instead. The order of scopes has no meaning.
 *
 * The provider is found by `id`, else by the id that the state has for its type and name, else by type and name among the providers of
 * the owner. With a state, `plan` therefore also finds a renamed provider.
 *
 * @example
 * const google: DesiredProvider = { type: "google", name: "Google", clientId, clientSecret, active: true };
 */
export type DesiredProvider = ProviderSettings &
  SecretDateFields & {
    /** The id. Required if several providers have the same name, and to rename a provider without a state. */
    readonly id?: string | undefined;
    /** True to activate the provider, false to deactivate it. If left out, this stays as it is. */
    readonly active?: boolean | undefined;
  };

/**
 * A provider or legacy IDP that must not exist. It is deleted even if users are linked to it. It is found by id, or by type and name.
 */
export interface AbsentProvider {
  readonly absent: true;
  /** The id. Without it, type and name are required. */
  readonly id?: string | undefined;
  /** The type of the provider, or of the legacy IDP. */
  readonly type?: ProviderSettings["type"] | LegacyType | undefined;
  /** The name. */
  readonly name?: string | undefined;
}

/**
 * A provider of the instance that an organization offers on its login page (`active: true`) or does not offer (`active: false`). It is
 * found by `id`, else by `name` among the providers of the instance. The entry changes the login policy of the organization, but never
 * the provider. Only an organization can have such an entry.
 *
 * @example
 * const organization: DesiredProviders = { providers: [{ instance: true, name: "Google", active: true }] };
 */
export interface InstanceProvider {
  readonly instance: true;
  /** The id. Required if several providers of the instance have the name, or if the provider has no name. */
  readonly id?: string | undefined;
  /** The name. Required without an id. */
  readonly name?: string | undefined;
  /** True to activate the provider in the login policy of the organization, false to deactivate it. */
  readonly active: boolean;
  /** Never present: the id or the name selects the provider. */
  readonly type?: undefined;
}

/** An entry for a provider that the owner owns. */
export type OwnEntry = DesiredProvider | AbsentProvider;

/** An entry of a desired state. */
export type DesiredEntry = OwnEntry | InstanceProvider;

/** The desired providers of one owner. Providers that exist but are not listed stay as they are. */
export interface DesiredProviders {
  /** The entries of providers that should exist, be absent, or be active. */
  readonly providers: readonly DesiredEntry[];
  /** Deletes the providers that an earlier `apply` with the same state added and that are no longer listed. Default: false. */
  readonly prune?: boolean | undefined;
  /**
   * Creates a login policy for an organization that has none of its own, as a copy of the instance's default, if a provider is
   * to be activated. Default: false.
   */
  readonly createLoginPolicy?: boolean | undefined;
}

/**
 * The desired providers of all owners.
 *
 * @example
 * const desired: DesiredState = {
 *   organization: { providers: [{ type: "google", name: "Google", clientId, clientSecret }] },
 * };
 */
export interface DesiredState {
  /** The providers of the instance. */
  readonly instance?: DesiredProviders | undefined;
  /** The providers of the organization of the client. */
  readonly organization?: DesiredProviders | undefined;
  /** The providers of organizations, by the id of the organization. */
  readonly organizations?: Readonly<Record<string, DesiredProviders>> | undefined;
}

/** The desired providers of one owner, together with the owner. */
export interface DesiredOwner {
  readonly owner: Owner;
  readonly desired: DesiredProviders;
}

/** Returns the owners of a desired state. */
export function toDesiredOwners({
  instance,
  organization,
  organizations = {},
}: DesiredState): DesiredOwner[] {
  return [
    ...(instance === undefined
      ? []
      : [{ owner: { owner: "instance" as const }, desired: instance }]),
    ...(organization === undefined
      ? []
      : [{ owner: { owner: "org" as const }, desired: organization }]),
    ...Object.entries(organizations).map(([orgId, desired]) => ({
      owner: { owner: "org" as const, orgId },
      desired,
    })),
  ];
}
