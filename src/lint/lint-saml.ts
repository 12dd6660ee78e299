import { parseXml, XmlError, type XmlElement } from "../formats/parse-xml.js";
import { textToBytes } from "../providers/model/bytes-text.js";
import type { FieldValues } from "../providers/model/field-specs.js";
import { type LintRule, readText, type RuleFinding } from "./lint-rule.js";

/** Checks the settings of SAML, and the metadata if it is given. */
export const lintSaml: LintRule = ({ type, values }) => {
  if (type !== "saml") {
    return [];
  }
  const metadata = lintMetadata(values);
  return [...metadata, ...lintSignature(values, metadata), ...lintNameId(values)];
};

function lintSignature(values: FieldValues, metadata: readonly RuleFinding[]): RuleFinding[] {
  if (values["withSignedRequest"] !== true) {
    return metadata.some(({ check }) => check === "saml/requests-unsigned")
      ? []
      : [
          {
            severity: "note",
            check: "saml/signing-off",
            path: ["withSignedRequest"],
            message: "ZITADEL does not sign its requests",
            fix: "set withSignedRequest: true if the provider checks signatures",
          },
        ];
  }
  return values["signatureAlgorithm"] === "rsa-sha1"
    ? [
        {
          severity: "risk",
          check: "saml/signature-weak",
          path: ["signatureAlgorithm"],
          message: "SHA-1 is weak, and many providers reject its signatures",
          fix: "set signatureAlgorithm: rsa-sha256",
          change: { field: "signatureAlgorithm", value: "rsa-sha256" },
        },
      ]
    : [];
}

function lintNameId(values: FieldValues): RuleFinding[] {
  const hasMapping = readText(values, "transientMappingAttributeName") !== "";
  switch (values["nameIdFormat"]) {
    case "transient":
      return hasMapping
        ? []
        : [
            {
              severity: "broken",
              check: "saml/transient-unmapped",
              path: ["nameIdFormat"],
              message:
                "a transient name id changes with each sign-in, and ZITADEL rejects sign-ins without an attribute that identifies the user",
              fix: "set transientMappingAttributeName, or nameIdFormat: persistent",
              change: { field: "nameIdFormat", value: "persistent" },
            },
          ];
    case "email-address":
      return [
        {
          severity: "note",
          check: "saml/changeable-name-id",
          path: ["nameIdFormat"],
          message: "ZITADEL identifies users by their email address, which can change",
          fix: "set nameIdFormat: persistent if the provider supports it",
        },
      ];
    default:
      return hasMapping
        ? [
            {
              severity: "note",
              check: "saml/mapping-unused",
              path: ["transientMappingAttributeName"],
              message:
                "the attribute is used only if the provider sends a transient name id, or none",
              fix: "set nameIdFormat: transient, or remove transientMappingAttributeName",
            },
          ]
        : [];
  }
}

function lintMetadata(values: FieldValues): RuleFinding[] {
  const identityProviders = findIdentityProviders(readText(values, "metadataXml"));
  if (identityProviders === undefined) {
    return [];
  }
  if (identityProviders.length === 0) {
    return [
      {
        severity: "broken",
        check: "saml/metadata-invalid",
        path: ["metadataXml"],
        message: "the metadata has no IDPSSODescriptor, so it describes no identity provider",
        fix: "use the metadata that the identity provider publishes",
      },
    ];
  }
  const wantsSignature = identityProviders.some(({ attributes }) =>
    attributes.some(
      ([name, value]) => name === "WantAuthnRequestsSigned" && /^(?:true|1)$/i.test(value.trim()),
    ),
  );
  return wantsSignature && values["withSignedRequest"] !== true
    ? [
        {
          severity: "risk",
          check: "saml/requests-unsigned",
          path: ["withSignedRequest"],
          message:
            "the metadata asks for signed requests (WantAuthnRequestsSigned), but ZITADEL signs none",
          fix: "set withSignedRequest: true",
          change: { field: "withSignedRequest", value: "true" },
        },
      ]
    : [];
}

/** Returns the IDPSSODescriptor elements of metadata. Undefined if there is no metadata, or it cannot be read. */
function findIdentityProviders(metadata: string): XmlElement[] | undefined {
  if (metadata === "") {
    return undefined;
  }
  try {
    const root = parseXml(new TextDecoder().decode(textToBytes(metadata)));
    return listEntities(root).flatMap(({ children }) =>
      children.filter(({ name }) => name === "IDPSSODescriptor"),
    );
  } catch (error) {
    if (error instanceof XmlError) {
      return undefined;
    }
    throw error;
  }
}

function listEntities(root: XmlElement): readonly XmlElement[] {
  return root.name === "EntityDescriptor"
    ? [root]
    : root.children.filter(({ name }) => name === "EntityDescriptor");
}
