import type { SamlEntity } from "../../../formats/saml-entity.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { SamlSettings } from "./saml-settings.js";

/** Checks that the options for signed requests and for name ids fit the metadata. */
export function checkSamlOptions(
  provider: CheckedProvider,
  settings: SamlSettings,
  entity: SamlEntity,
  context: CheckContext,
): void {
  checkSignedRequests(provider, settings, entity, context);
  checkNameIds(provider, settings, entity, context);
}

function checkSignedRequests(
  provider: CheckedProvider,
  { withSignedRequest, signatureAlgorithm }: SamlSettings,
  { wantsSignedRequests }: SamlEntity,
  { report }: CheckContext,
): void {
  const field = "withSignedRequest";
  if (!withSignedRequest) {
    if (wantsSignedRequests) {
      report({
        severity: "risk",
        check: "saml/requests-unsigned",
        field,
        message:
          "the provider requires signed requests (WantAuthnRequestsSigned), and ZITADEL does not sign them: most providers then reject them (Keycloak only if the client requires signatures)",
        fix: describeUpdate(provider, field, true),
      });
    }
    return;
  }
  if (!wantsSignedRequests) {
    report({
      severity: "note",
      check: "saml/requests-signed",
      field,
      message:
        "ZITADEL signs requests, although the provider does not ask for it: the provider needs the certificate of ZITADEL only if it checks the signatures",
      fix: `if sign-in fails at the provider: ${describeUpdate(provider, field, false)}`,
    });
  }
  if (signatureAlgorithm === "rsa-sha1" || signatureAlgorithm === "unspecified") {
    const isChosen = signatureAlgorithm === "rsa-sha1";
    report({
      severity: isChosen ? "risk" : "note",
      check: "saml/signature-weak",
      field: "signatureAlgorithm",
      message: `ZITADEL signs requests with ${isChosen ? "RSA-SHA1" : "its default algorithm, which was RSA-SHA1 in all releases that are known"}: more and more providers reject it`,
      fix: describeUpdate(provider, "signatureAlgorithm", "rsa-sha256"),
    });
  }
}

/** The URNs of name id formats, by the values of `nameIdFormat`. */
const nameIdUrns: Readonly<Record<string, string>> = {
  "email-address": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  persistent: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  transient: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
};

function checkNameIds(
  provider: CheckedProvider,
  { nameIdFormat, transientMappingAttributeName }: SamlSettings,
  { nameIdFormats }: SamlEntity,
  { report }: CheckContext,
): void {
  const urn = nameIdUrns[nameIdFormat];
  const offered = Object.entries(nameIdUrns)
    .filter(([, each]) => nameIdFormats.includes(each))
    .map(([name]) => name);
  if (nameIdFormat === "transient" && transientMappingAttributeName === "") {
    report({
      severity: "broken",
      check: "saml/transient-unmapped",
      field: "transientMappingAttributeName",
      message:
        "nameIdFormat is transient, so users have another name id at each sign-in, and transientMappingAttributeName is empty: ZITADEL fails to sign users in",
      fix: "set transientMappingAttributeName to an attribute that is unique and never changes, or nameIdFormat to persistent",
      change: { field: "transientMappingAttributeName" },
    });
  }
  if (urn === undefined || nameIdFormats.length === 0 || nameIdFormats.includes(urn)) {
    return;
  }
  const [first] = offered;
  report({
    severity: "risk",
    check: "saml/name-id-format",
    field: "nameIdFormat",
    message: `ZITADEL asks for name ids of the format ${nameIdFormat}, which is not among those of the provider${offered.length === 0 ? "" : ` (${offered.join(", ")})`}: the provider may reject requests, or give users another name id at each sign-in`,
    fix: describeUpdate(provider, "nameIdFormat", first ?? "unspecified"),
  });
}
