import { compareSamlEntities } from "../../../formats/compare-saml-entities.js";
import { readSamlEntity, type SamlEntity } from "../../../formats/saml-entity.js";
import { findMetadataProblem } from "../../../formats/saml-metadata.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { checkSamlCertificates } from "./check-saml-certificates.js";
import { checkSamlEndpoints } from "./check-saml-endpoints.js";
import { checkSamlOptions } from "./check-saml-options.js";
import { describeMetadataReload } from "./describe-metadata-reload.js";
import { findMetadataUrlRisk, loadPublishedMetadata } from "./load-published-metadata.js";
import { readSamlSettings, type SamlSettings } from "./saml-settings.js";

/** Checks the metadata of a SAML provider, its endpoints and certificates, and the options that must fit them. */
export async function checkSaml(provider: CheckedProvider, context: CheckContext): Promise<void> {
  const settings = readSamlSettings(provider);
  const stored = readStoredMetadata(settings, context);
  const published = await loadPublished(settings, stored, context);
  const entity = stored ?? published;
  if (entity === undefined) {
    return;
  }
  if (stored !== undefined && published !== undefined) {
    reportDifferences(provider, stored, published, context);
  }
  checkEntity(provider, entity, context);
  checkSamlCertificates(provider, entity, context);
  checkSamlOptions(provider, settings, entity, context);
  await checkSamlEndpoints(provider, settings, entity, context);
}

/** Reads the metadata that ZITADEL has, and reports their problem. */
function readStoredMetadata(
  { metadata, metadataUrl }: SamlSettings,
  { report }: CheckContext,
): SamlEntity | undefined {
  if (metadata.length === 0 && metadataUrl !== undefined) {
    return undefined;
  }
  const problem = findMetadataProblem(metadata);
  if (problem !== undefined) {
    report({
      severity: "broken",
      check: "saml/metadata-invalid",
      field: "metadataXml",
      message: `metadataXml ${problem}, so nobody can sign in`,
      fix: "set metadataXml to the metadata that the provider publishes, or set metadataUrl",
      change: { field: "metadataXml" },
    });
  }
  return readSamlEntity(metadata);
}

/** Loads the metadata that the URL serves. A problem of the URL is only a risk, for the next update, if ZITADEL has metadata. */
async function loadPublished(
  { metadataUrl }: SamlSettings,
  stored: SamlEntity | undefined,
  context: CheckContext,
): Promise<SamlEntity | undefined> {
  if (metadataUrl === undefined) {
    return undefined;
  }
  const risk = findMetadataUrlRisk(metadataUrl, context);
  const { entity, problem } = await loadPublishedMetadata(metadataUrl, context);
  for (const finding of [risk, problem]) {
    if (finding !== undefined) {
      context.report(stored === undefined ? finding : toUpdateRisk(finding));
    }
  }
  return entity;
}

function toUpdateRisk(finding: NewFinding): NewFinding {
  return finding.severity === "broken"
    ? {
        ...finding,
        severity: "risk",
        message: `${finding.message}; sign-in uses the metadata that ZITADEL has, but the next update fails`,
      }
    : finding;
}

function reportDifferences(
  provider: CheckedProvider,
  stored: SamlEntity,
  published: SamlEntity,
  { report }: CheckContext,
): void {
  // ZITADEL does not use encryption certificates, because it encrypts nothing for the provider.
  const differences = compareSamlEntities(stored, published).filter(
    ({ part }) => part !== "encryption-certificates",
  );
  if (differences.length > 0) {
    const isBreaking = differences.some((each) => each.isBreaking);
    report({
      severity: isBreaking ? "broken" : "risk",
      check: "saml/metadata-outdated",
      field: "metadataXml",
      message: `the provider publishes other metadata than ZITADEL has: ${differences.map(({ text }) => text).join("; ")}. ${isBreaking ? "ZITADEL rejects its responses" : "Sign-in fails once the provider uses only the new certificates or endpoints"}`,
      fix: describeMetadataReload(provider),
    });
  }
}

/** Checks the entity id, the expiry and the cache duration of the metadata. */
function checkEntity(
  provider: CheckedProvider,
  { entityId, validUntil, cacheDuration }: SamlEntity,
  { now, withinMs, report }: CheckContext,
): void {
  if (entityId === "") {
    report({
      severity: "broken",
      check: "saml/entity-id-missing",
      field: "metadataXml",
      message:
        "the metadata has no entityID, so ZITADEL rejects every response: the issuer of a response must equal the entityID",
      fix: "set metadataXml to metadata with the entityID of the provider",
      change: { field: "metadataXml" },
    });
  }
  if (validUntil !== undefined && validUntil.getTime() - now.getTime() <= withinMs) {
    const isPast = validUntil <= now;
    const expiresAt = validUntil.toISOString();
    report({
      severity: "expires",
      check: "saml/metadata-expires",
      field: "metadataXml",
      message: `the metadata ${isPast ? "was" : "is"} valid until ${expiresAt}: ZITADEL ignores that date, but the provider may use other certificates and endpoints from then on`,
      fix: describeMetadataReload(provider),
      expiresAt,
    });
  }
  if (cacheDuration !== undefined && cacheDuration !== "") {
    report({
      severity: "note",
      check: "saml/cache-duration",
      field: "metadataXml",
      message: `the metadata asks to be loaded again after ${cacheDuration}, but ZITADEL never does so by itself`,
      fix: "run doctor with a file that has the metadataUrl, regularly",
    });
  }
}
