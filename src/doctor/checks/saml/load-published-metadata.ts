import { findMetadataProblem } from "../../../formats/saml-metadata.js";
import { readSamlEntity, type SamlEntity } from "../../../formats/saml-entity.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import { isAllowedHttp } from "../../upstream/upstream.js";

/** The metadata that a URL serves, or the finding about the URL. */
interface LoadedMetadata {
  readonly entity?: SamlEntity | undefined;
  readonly problem?: NewFinding;
}

/** Loads the metadata of a URL and reads them as ZITADEL does. */
export async function loadPublishedMetadata(
  url: string,
  { upstream }: Pick<CheckContext, "upstream">,
): Promise<LoadedMetadata> {
  const check = "saml/metadata-url-unusable";
  const field = "metadataUrl";
  try {
    const { status, text } = await upstream.get(url);
    if (status !== 200) {
      return {
        problem: {
          severity: "broken",
          check,
          field,
          message: `${url} answers with HTTP status ${status} instead of metadata`,
          fix: "set metadataUrl to the address at which the provider publishes its metadata",
          change: { field },
        },
      };
    }
    const bytes = new TextEncoder().encode(text);
    const reason = findMetadataProblem(bytes);
    return reason === undefined
      ? { entity: readSamlEntity(bytes) }
      : {
          problem: {
            severity: "broken",
            check,
            field,
            message: `the answer of ${url} ${reason}`,
            fix: "set metadataUrl to the address at which the provider publishes its metadata",
            change: { field },
          },
        };
  } catch (error) {
    return { problem: toUnreachableFinding(error, { check, field, purpose: "the SAML metadata" }) };
  }
}

/** Returns the finding about an `http:` URL. Returns undefined for `https:`, and for this machine if `allowPrivate` is set. */
export function findMetadataUrlRisk(
  text: string,
  { allowPrivate }: Pick<CheckContext, "allowPrivate">,
): NewFinding | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol !== "http:" || isAllowedHttp(url, allowPrivate)
    ? undefined
    : {
        severity: "risk",
        check: "saml/metadata-url-no-tls",
        field: "metadataUrl",
        message: `${url.origin} serves the metadata without TLS: anyone on the network path can replace the certificates in it, and then sign in as any user`,
        fix: "set metadataUrl to an https: URL",
        change: { field: "metadataUrl" },
      };
}
