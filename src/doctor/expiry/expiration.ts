import type { Finding, FindingProvider } from "../../lint/finding.js";
import type { Owner } from "../../providers/plan/owner.js";

/**
 * The kind of a thing that expires.
 *
 * - `signing-certificate`, `encryption-certificate`: a certificate of SAML metadata; `certificate`: one for both uses
 * - `metadata`: SAML metadata with a `validUntil`
 * - `root-ca`: a certificate of the root CA of LDAP servers
 * - `server-certificate`: the certificate of a server with TLS, or of the intermediate authority that signed it
 * - `secret`: a client secret or bind password with a date in a desired state; `key`: a private key with such a date
 */
export type ExpirationKind =
  | "signing-certificate"
  | "encryption-certificate"
  | "certificate"
  | "metadata"
  | "root-ca"
  | "server-certificate"
  | "secret"
  | "key";

/** A thing of a provider that expires. */
export interface Expiration {
  /** The time at which it expires, in ISO 8601. */
  readonly expiresAt: string;
  /** The whole days until the expiry. After the expiry, the negative number of calendar days in UTC since: 0 for today, -1 for yesterday. */
  readonly daysLeft: number;
  /** The kind. */
  readonly kind: ExpirationKind;
  /** The owner of the provider. */
  readonly owner: Owner;
  /** The name of the organization, if the caller may read it. */
  readonly ownerName?: string | undefined;
  /** The provider. */
  readonly provider: FindingProvider;
  /** The field, by its name in provider files, e.g. `metadataXml` or `clientSecret`. For a server that a discovery document names, `issuer`. */
  readonly field: string;
  /** The subject of a certificate. For the certificate of a server, the host. */
  readonly subject?: string | undefined;
}

/** The result of `listExpirations`. */
export interface Expirations {
  /** The things that expire, the earliest first. */
  readonly items: readonly Expiration[];
  /** The number of items that have expired or expire within `withinMs` of the options. */
  readonly expiring: number;
  /** The parts that could not be read, with the reason. */
  readonly unchecked: readonly Finding[];
}

/** A thing that expires, before the days until its expiry are counted. */
export interface FoundDate extends Omit<Expiration, "expiresAt" | "daysLeft"> {
  readonly time: Date;
}

const dayMs = 86_400_000;

/** Adds the days until the expiry to a thing that expires. */
export function toExpiration({ time, ...item }: FoundDate, now: Date): Expiration {
  return { expiresAt: time.toISOString(), daysLeft: countDays(time, now), ...item };
}

/** Returns the whole days until a time. For a past time, returns the negative number of calendar days since, in UTC. */
function countDays(time: Date, now: Date): number {
  const [end, start] = [time.getTime() / dayMs, now.getTime() / dayMs];
  return end >= start ? Math.floor(end - start) : Math.floor(end) - Math.floor(start);
}
