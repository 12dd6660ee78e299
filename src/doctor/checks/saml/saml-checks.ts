import type { CheckDescription } from "../../../lint/finding.js";

const reload = "Load the metadata of the provider again, e.g. with apply FILE --refresh.";

/** The checks of SAML providers, with their meaning and fix. */
export const samlChecks: Readonly<Record<string, CheckDescription>> = {
  "saml/metadata-invalid": {
    meaning: "ZITADEL cannot read the metadata.",
    fix: "Set metadataXml to the metadata that the provider publishes.",
  },
  "saml/metadata-outdated": {
    meaning:
      "The provider publishes another entity id, other certificates or other endpoints than ZITADEL has.",
    fix: reload,
  },
  "saml/metadata-url-unusable": {
    meaning: "metadataUrl cannot be loaded, or has no metadata.",
    fix: "Correct metadataUrl.",
  },
  "saml/metadata-url-no-tls": {
    meaning:
      "metadataUrl has no TLS, so that anyone on the network path can replace the certificates.",
    fix: "Set metadataUrl to an https: URL.",
  },
  "saml/metadata-expires": {
    meaning: "The validUntil of the metadata is near or past.",
    fix: reload,
  },
  "saml/cache-duration": {
    meaning: "The metadata asks to be loaded again from time to time, which ZITADEL does not do.",
    fix: "Run doctor regularly with a file that has the metadataUrl.",
  },
  "saml/entity-id-missing": {
    meaning: "The metadata has no entityID, and ZITADEL rejects every response.",
    fix: "Set metadataXml to metadata with the entityID.",
  },
  "saml/signing-certificate-missing": {
    meaning: "The metadata has no signing certificate.",
    fix: reload,
  },
  "saml/certificate-unreadable": {
    meaning: "A signing certificate cannot be read, and ZITADEL rejects every response.",
    fix: reload,
  },
  "saml/certificate-expired": {
    meaning: "A signing certificate has expired. Sign-in fails if it is the only one.",
    fix: "Renew the certificate at the provider, then load its metadata again.",
  },
  "saml/certificate-expires": {
    meaning: "A signing certificate expires soon.",
    fix: "Renew the certificate at the provider, then load its metadata again.",
  },
  "saml/certificate-not-yet-valid": {
    meaning: "A signing certificate is valid only from a later date.",
    fix: "Configure the provider to sign with a valid certificate.",
  },
  "saml/certificate-weak": {
    meaning: "A signing certificate has a short RSA key, or is signed with MD5 or SHA-1.",
    fix: "Configure the provider to sign with a new key.",
  },
  "saml/key-unsupported": {
    meaning:
      "A signing certificate has a key, such as Ed25519 or DSA, whose signatures ZITADEL cannot verify.",
    fix: "Configure the provider to sign with RSA, or with ECDSA on P-256, P-384 or P-521.",
  },
  "saml/binding-missing": {
    meaning: "The metadata has no single sign-on endpoint for the chosen binding.",
    fix: "Set binding to one that the provider supports.",
  },
  "saml/binding-unsupported": {
    meaning: "ZITADEL cannot send requests with the artifact binding.",
    fix: "Set binding to post or redirect.",
  },
  "saml/endpoint-no-tls": {
    meaning: "The single sign-on endpoint has no TLS.",
    fix: "Configure an https: endpoint at the provider.",
  },
  "saml/endpoint-not-found": {
    meaning: "The single sign-on endpoint answers with HTTP status 404 or 410.",
    fix: reload,
  },
  "saml/endpoint-unreachable": {
    meaning: "The single sign-on endpoint does not answer.",
    fix: "Check the host, the certificate and the network; or load the metadata again.",
  },
  "saml/logout-endpoint-missing": {
    meaning: "Federated logout is on, but the provider has no single logout endpoint.",
    fix: "Set federatedLogoutEnabled to false, or enable single logout at the provider.",
  },
  "saml/requests-unsigned": {
    meaning: "The provider requires signed requests, and ZITADEL does not sign them.",
    fix: "Set withSignedRequest to true.",
  },
  "saml/requests-signed": {
    meaning: "ZITADEL signs requests, although the provider does not ask for it.",
    fix: "Set withSignedRequest to false if sign-in fails at the provider.",
  },
  "saml/signature-weak": {
    meaning: "ZITADEL signs requests with RSA-SHA1.",
    fix: "Set signatureAlgorithm to rsa-sha256.",
  },
  "saml/transient-unmapped": {
    meaning: "nameIdFormat is transient, and no attribute identifies the user.",
    fix: "Set transientMappingAttributeName, or nameIdFormat to persistent.",
  },
  "saml/name-id-format": {
    meaning: "The provider does not support the format of name ids that ZITADEL requests.",
    fix: "Set nameIdFormat to one that the provider supports.",
  },
};
