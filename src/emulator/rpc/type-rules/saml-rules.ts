import {
  SAMLBinding,
  SAMLBindingSchema,
  SAMLNameIDFormat,
  SAMLNameIDFormatSchema,
  SAMLSignatureAlgorithm,
  SAMLSignatureAlgorithmSchema,
} from "../../../../gen/zitadel/idp_pb.js";
import { readProviderMetadata } from "./read-provider-metadata.js";
import { createSamlCertificate } from "../../saml/saml-certificate.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { isFieldSet } from "../request-fields.js";
import { requireConfig } from "./require-config.js";
import { replaceUnknownEnum } from "./replace-unknown-enum.js";

/** The rules of SAML providers: metadata, certificate, and the name id format. */
export const samlRules: ProviderTypeRules = {
  normalize(config, request) {
    const saml = requireConfig(config, "saml");
    const unspecified = SAMLNameIDFormat.SAML_NAME_ID_FORMAT_UNSPECIFIED;
    saml.binding = replaceUnknownEnum(
      SAMLBindingSchema,
      saml.binding,
      SAMLBinding.SAML_BINDING_UNSPECIFIED,
    );
    saml.nameIdFormat = isFieldSet(request, "name_id_format")
      ? replaceUnknownEnum(SAMLNameIDFormatSchema, saml.nameIdFormat, unspecified)
      : SAMLNameIDFormat.SAML_NAME_ID_FORMAT_PERSISTENT;
    saml.transientMappingAttributeName ??= "";
    saml.federatedLogoutEnabled ??= false;
    saml.signatureAlgorithm = replaceUnknownEnum(
      SAMLSignatureAlgorithmSchema,
      saml.signatureAlgorithm ?? SAMLSignatureAlgorithm.SAML_SIGNATURE_UNSPECIFIED,
      SAMLSignatureAlgorithm.SAML_SIGNATURE_UNSPECIFIED,
    );
  },
  async check(config, request, context) {
    requireConfig(config, "saml").metadataXml = await readProviderMetadata(request, context);
  },
  afterAdd(stored, request) {
    stored.isNameIdFormatSet = isFieldSet(request, "name_id_format");
    stored.certificate = createSamlCertificate();
  },
  /**
   * Keeps the stored name id format if the request omits it. Once a request has set a name id format, the server
   * counts every update as a change.
   */
  keepStoredValues({ request, next, stored }) {
    if (isFieldSet(request, "name_id_format")) {
      stored.isNameIdFormatSet = true;
    } else if (stored.view.config !== undefined) {
      const { nameIdFormat } = requireConfig(stored.view.config, "saml");
      requireConfig(next.config, "saml").nameIdFormat = nameIdFormat;
    }
    return stored.isNameIdFormatSet === true;
  },
};
