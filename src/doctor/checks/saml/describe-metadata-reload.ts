import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";

/** Describes how to give ZITADEL the metadata that a SAML provider publishes now. */
export function describeMetadataReload(provider: CheckedProvider): string {
  const { id, secrets } = provider;
  if (id === undefined) {
    return "set metadataXml to the metadata that the provider publishes now, or set metadataUrl";
  }
  const command = describeUpdate(provider, "metadataUrl", secrets.metadataUrl ?? "https://…");
  return `load the metadata of the provider again: ${command}; from a file with the URL: zitadel-idp apply FILE --refresh`;
}
