import type { Finding, FindingProvider } from "../../lint/finding.js";
import type { Owner } from "../../providers/plan/owner.js";

/**
 * The kind of a thing that expires.
 *
 * - `signing-certificate`, `encryption-certificate`: a certificate of SAML metadata; `certificate`: one for both uses
 * - `metadata`: SAML metadata with a `validUntil`
 * - `root-ca`: a certificate of the root CA of LDAP servers
 * - `server-certificate`: the certificate of a server with TLS, or of the authority below a root that signed it
 * - `secret`, `key`: a client secret or bind password, or a private key, with a date that people wrote into a desired state
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
  /** The number of whole days until then. After it, the negative number of days since its day in UTC: 0 today, -1 for yesterday. */
  readonly daysLeft: number;
  readonly kind: ExpirationKind;
  readonly owner: Owner;
  /** The name of the organization, if the caller may read it. */
  readonly ownerName?: string | undefined;
  readonly provider: FindingProvider;
  /** The field, by its name in provider files, e.g. `metadataXml` or `clientSecret`. For a server that a discovery document names, `issuer`. */
  readonly field: string;
  /** The subject of a certificate. For that of a server, its host. */
  readonly subject?: string | undefined;
}

/** The result of `listExpirations`. */
export interface Expirations {
  /** The things that expire, the earliest first. */
  readonly items: readonly Expiration[];
  /** The number of items that have expired or expire within the time of the options. */
  readonly expiring: number;
  /** The parts that could not be read, with the reason. */
  readonly unchecked: readonly Finding[];
}

/** A thing that expires, as it was found. */
export interface FoundDate extends Omit<Expiration, "expiresAt" | "daysLeft"> {
  readonly time: Date;
}

const dayMs = 86_400_000;

/** Returns a thing that expires, with the days until then. */
export function toExpiration({ time, ...item }: FoundDate, now: Date): Expiration {
  return { expiresAt: time.toISOString(), daysLeft: countDays(time, now), ...item };
}

/** Returns the whole days until a time, or the days of the calendar since it, so that 0 is today and -1 was yesterday, in UTC. */
function countDays(time: Date, now: Date): number {
  const [end, start] = [time.getTime() / dayMs, now.getTime() / dayMs];
  return end >= start ? Math.floor(end - start) : Math.floor(end) - Math.floor(start);
}
