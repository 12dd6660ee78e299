import type { SamlEndpoint, SamlEntity } from "../../../formats/saml-entity.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import { parseUrl } from "../../../utils/parse-url.js";
import { isAllowedHttp } from "../../upstream/upstream.js";
import { describeMetadataReload } from "./describe-metadata-reload.js";
import { findRequestEndpoint, shortenBinding } from "./saml-bindings.js";
import type { SamlSettings } from "./saml-settings.js";

/** Checks the single sign-on endpoint to which ZITADEL sends users, and the single logout endpoint. */
export async function checkSamlEndpoints(
  provider: CheckedProvider,
  { binding, federatedLogoutEnabled }: SamlSettings,
  { singleSignOn, singleLogout }: SamlEntity,
  context: CheckContext,
): Promise<void> {
  const { report } = context;
  if (federatedLogoutEnabled && findRequestEndpoint(singleLogout, "unspecified") === undefined) {
    report({
      severity: "risk",
      check: "saml/logout-endpoint-missing",
      field: "federatedLogoutEnabled",
      message:
        "federated logout is on, but the metadata has no single logout endpoint with redirect or POST: users stay signed in at the provider",
      fix: `${describeUpdate(provider, "federatedLogoutEnabled", false)}, or enable single logout at the provider`,
    });
  }
  if (binding === "artifact") {
    report({
      severity: "broken",
      check: "saml/binding-unsupported",
      field: "binding",
      message:
        "ZITADEL cannot send requests with the artifact binding: sign-in fails before it begins",
      fix: describeUpdate(provider, "binding", "post"),
    });
    return;
  }
  const endpoint = findRequestEndpoint(singleSignOn, binding);
  if (endpoint === undefined) {
    const offered = [...new Set(singleSignOn.map((each) => shortenBinding(each.binding)))];
    report({
      severity: "broken",
      check: "saml/binding-missing",
      field: "binding",
      message: `the metadata has no single sign-on endpoint for the binding ${binding}${offered.length === 0 ? "" : `, only for ${offered.join(", ")}`}`,
      fix: offered.includes("HTTP-POST")
        ? describeUpdate(provider, "binding", "post")
        : offered.includes("HTTP-Redirect")
          ? describeUpdate(provider, "binding", "redirect")
          : "enable an endpoint with redirect or POST at the provider",
    });
    return;
  }
  await checkSignOnEndpoint(endpoint, provider, context);
}

/** Checks that the sign-on page exists. Without a SAML request, such a page may answer with almost any status. */
async function checkSignOnEndpoint(
  { location, binding }: SamlEndpoint,
  provider: CheckedProvider,
  { upstream, allowPrivate, report }: CheckContext,
): Promise<void> {
  const reload = describeMetadataReload(provider);
  const url = URL.canParse(location) ? new URL(location) : undefined;
  if (url?.protocol === "http:" && !isAllowedHttp(url, allowPrivate)) {
    report({
      severity: "risk",
      check: "saml/endpoint-no-tls",
      field: "metadataXml",
      message: `the single sign-on endpoint ${url.origin} has no TLS: anyone on the network path can read the passwords that users type there`,
      fix: `configure an https: endpoint at the provider, then ${reload}`,
    });
  }
  const source = parseUrl(provider.secrets.metadataUrl ?? "");
  try {
    if (url !== undefined && source !== undefined) {
      await upstream.checkNamedUrl(url, source);
    }
    const { status } = await upstream.request(location, { followRedirects: false });
    if ((status === 404 || status === 410) && shortenBinding(binding) === "HTTP-Redirect") {
      report({
        severity: "risk",
        check: "saml/endpoint-not-found",
        field: "metadataXml",
        message: `the single sign-on endpoint ${location} answers with HTTP status ${status}: it may have moved`,
        fix: reload,
      });
    }
  } catch (error) {
    report(
      toUnreachableFinding(error, {
        check: "saml/endpoint-unreachable",
        field: "metadataXml",
        purpose: "the single sign-on endpoint",
        verb: "reached",
      }),
    );
  }
}
