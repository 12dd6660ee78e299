import { textToBytes } from "../../../providers/model/bytes-text.js";
import type { CheckedProvider } from "../../checked-provider.js";

/** The settings of a SAML provider, as its checks need them. */
export interface SamlSettings {
  /** The metadata that ZITADEL has. Empty for a provider that does not exist yet and has only a URL. */
  readonly metadata: Uint8Array;
  /** The URL of the metadata, if a desired state has it. */
  readonly metadataUrl: string | undefined;
  readonly binding: string;
  readonly withSignedRequest: boolean;
  readonly nameIdFormat: string;
  readonly transientMappingAttributeName: string;
  readonly federatedLogoutEnabled: boolean;
  readonly signatureAlgorithm: string;
}

/** Reads the settings of a SAML provider. */
export function readSamlSettings({ fields, secrets }: CheckedProvider): SamlSettings {
  const text = (name: string): string => String(fields[name] ?? "");
  return {
    metadata: textToBytes(text("metadataXml")),
    metadataUrl: secrets.metadataUrl,
    binding: text("binding"),
    withSignedRequest: fields["withSignedRequest"] === true,
    nameIdFormat: text("nameIdFormat"),
    transientMappingAttributeName: text("transientMappingAttributeName").trim(),
    federatedLogoutEnabled: fields["federatedLogoutEnabled"] === true,
    signatureAlgorithm: text("signatureAlgorithm"),
  };
}
