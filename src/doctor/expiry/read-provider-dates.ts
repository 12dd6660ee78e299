import { readSamlEntity } from "../../formats/saml-entity.js";
import type { Finding } from "../../lint/finding.js";
import { textToBytes } from "../../providers/model/bytes-text.js";
import { toFieldValues } from "../../providers/model/field-specs.js";
import { listProviderCertificates } from "../certificates/list-provider-certificates.js";
import type { ExpirationKind, FoundDate } from "./expiration.js";
import type { OwnedProvider } from "./index-providers.js";
import { toExpiringProvider } from "./to-expiring-provider.js";

/** The dates in the fields of a provider, and the parts that could not be read. */
interface ProviderDates {
  readonly dates: readonly FoundDate[];
  readonly unchecked: readonly Finding[];
}

const kinds: Readonly<Record<"signing" | "encryption" | "both" | "authority", ExpirationKind>> = {
  signing: "signing-certificate",
  encryption: "encryption-certificate",
  both: "certificate",
  authority: "root-ca",
};

/** Reads the dates in the fields of a provider: of certificates, and of SAML metadata with an end. */
export function readProviderDates(owned: OwnedProvider): ProviderDates {
  const { type } = owned.provider;
  const fields = toFieldValues(owned.provider);
  const about = toExpiringProvider(owned);
  const certificates = listProviderCertificates({ type, fields });
  const dates = certificates.map(({ field, use, certificate }) => ({
    ...about,
    time: certificate.validTo,
    kind: kinds[use],
    field,
    subject: certificate.subject,
  }));
  if (type !== "saml") {
    return { dates, unchecked: [] };
  }
  const field = "metadataXml";
  const entity = readSamlEntity(textToBytes(String(fields[field])));
  const damaged = (entity?.certificates.length ?? 0) - certificates.length;
  const reason =
    entity === undefined
      ? "ZITADEL itself cannot read the metadata"
      : damaged > 0
        ? `${damaged} of ${entity.certificates.length} certificates of the metadata are damaged`
        : undefined;
  return {
    dates:
      entity?.validUntil === undefined
        ? dates
        : [...dates, { ...about, time: entity.validUntil, kind: "metadata", field }],
    unchecked: reason === undefined ? [] : [toDamagedFinding(about, reason)],
  };
}

/** Returns the finding about certificates that cannot be read. */
function toDamagedFinding(
  { owner, provider }: Pick<FoundDate, "owner" | "provider">,
  reason: string,
): Finding {
  return {
    severity: "unchecked",
    check: "expiry/unreadable-certificate",
    owner,
    provider,
    field: "metadataXml",
    message: `the expiry of certificates is unknown: ${reason}`,
    fix: "set metadataXml to the metadata that the provider publishes now",
  };
}
