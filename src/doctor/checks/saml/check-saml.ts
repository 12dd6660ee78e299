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
  checkDescription(provider, entity, context);
  checkSamlCertificates(provider, entity, context);
  checkSamlOptions(provider, settings, entity, context);
  await checkSamlEndpoints(provider, settings, entity, context);
}

/** Returns the identity provider in the metadata that ZITADEL has. */
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
      message: `metadataXml ${problem}: ZITADEL does not sign in with it`,
      fix: "set metadataXml to the metadata that the provider publishes, or give metadataUrl",
    });
  }
  return readSamlEntity(metadata);
}

/** Returns the identity provider in the metadata behind the URL. A URL that does not work only matters for the next update. */
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
  // ZITADEL encrypts nothing for the provider, so it does not use these certificates.
  const differences = compareSamlEntities(stored, published).filter(
    ({ part }) => part !== "encryption-certificates",
  );
  if (differences.length > 0) {
    const isBreaking = differences.some((each) => each.isBreaking);
    report({
      severity: isBreaking ? "broken" : "risk",
      check: "saml/metadata-outdated",
      field: "metadataXml",
      message: `the provider publishes other metadata than ZITADEL has: ${differences.map(({ text }) => text).join("; ")}. ${isBreaking ? "ZITADEL rejects its responses" : "Sign-in fails once the provider uses only what is new"}`,
      fix: describeMetadataReload(provider),
    });
  }
}

/** Checks the parts of the metadata that are neither endpoints nor certificates. */
function checkDescription(
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
        "the metadata have no entityID: ZITADEL rejects every response, because its issuer must be equal to the entityID",
      fix: "set metadataXml to metadata with the entityID of the provider",
    });
  }
  if (validUntil !== undefined && validUntil.getTime() - now.getTime() <= withinMs) {
    const isPast = validUntil <= now;
    const expiresAt = validUntil.toISOString();
    report({
      severity: "expires",
      check: "saml/metadata-expires",
      field: "metadataXml",
      message: `the metadata ${isPast ? "were" : "are"} valid until ${expiresAt}: ZITADEL ignores that date, but the provider may use other certificates and endpoints from then on`,
      fix: describeMetadataReload(provider),
      expiresAt,
    });
  }
  if (cacheDuration !== undefined && cacheDuration !== "") {
    report({
      severity: "note",
      check: "saml/cache-duration",
      field: "metadataXml",
      message: `the provider wants its metadata loaded again after ${cacheDuration}, and ZITADEL never loads them by itself`,
      fix: "run doctor with a file that has the metadataUrl, regularly",
    });
  }
}
