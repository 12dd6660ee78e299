import { checkTenant } from "../../../providers/model/checks/tenant.js";
import { guid } from "../../../utils/guid.js";
import { isJsonObject } from "../../../utils/is-json-object.js";
import { parseUrl } from "../../../utils/parse-url.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { quoteAnswer } from "../../quote-answer.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import { tenantKinds } from "./tenant-kinds.js";

/** The host of Entra in the public cloud, which ZITADEL uses for all tenants. */
const entraHost = "login.microsoftonline.com";

/**
 * Checks that the tenant of an Entra provider exists in the public cloud, by its discovery document. ZITADEL itself does not use this
 * document: its endpoints are fixed, and it reads the user from Microsoft Graph, so neither the issuer nor the keys matter.
 */
export async function checkEntraTenant(
  { fields }: CheckedProvider,
  { upstream, report }: CheckContext,
): Promise<void> {
  const tenant = String(fields["tenant"] ?? "") || "common";
  const path = encodeURIComponent(tenant);
  const problem = path === tenant ? undefined : checkTenant(tenant);
  if (problem !== undefined) {
    reportUnknownTenant(
      `the tenant ${quoteAnswer(tenant)} ${problem}, so nobody can sign in`,
      report,
    );
    return;
  }
  const url = `https://${entraHost}/${path}/v2.0/.well-known/openid-configuration`;
  const check = "entra/unreachable";
  const purpose = `the discovery document ${url}`;
  let response: UpstreamResponse;
  try {
    response = await upstream.get(url);
  } catch (error) {
    report(toUnreachableFinding(error, { check, isPublic: true, purpose }));
    return;
  }
  const json = tryParseJson(response.text);
  const answer = isJsonObject(json) ? json : {};
  // A proxy may answer with these statuses too, but not with an OAuth error.
  if ([400, 404].includes(response.status) && typeof answer["error"] === "string") {
    const code = describeErrorCode(answer["error_description"]);
    reportUnknownTenant(
      `Entra does not know the tenant ${tenant}${code}, so nobody can sign in`,
      report,
    );
    return;
  }
  const { issuer } = answer;
  if (response.status !== 200 || typeof issuer !== "string") {
    report({
      severity: "unchecked",
      check,
      message: `${purpose} is answered with HTTP status ${response.status}${response.status === 200 ? ", but without an issuer" : ""}, so the doctor cannot see whether the tenant exists`,
      fix: "run the check again later, and without a proxy that changes answers",
    });
    return;
  }
  reportOtherTenant(tenant, issuer, report);
  reportOtherCloud(tenant, answer["authorization_endpoint"], answer["cloud_instance_name"], report);
}

function reportUnknownTenant(message: string, report: CheckContext["report"]): void {
  report({
    severity: "broken",
    check: "entra/unknown-tenant",
    field: "tenant",
    message,
    fix: `set tenant to the directory id or the domain that the Entra admin center shows, or to ${Object.keys(tenantKinds).join(", ")}`,
    change: { field: "tenant" },
  });
}

/** Reports a document about another tenant. Checks only tenants that are ids: domains and kinds of accounts are not in the issuer. */
function reportOtherTenant(tenant: string, issuer: string, report: CheckContext["report"]): void {
  if (guid.test(tenant) && !issuer.toLowerCase().includes(`/${tenant.toLowerCase()}/`)) {
    report({
      severity: "risk",
      check: "entra/other-tenant",
      field: "tenant",
      message: `the discovery document of the tenant ${tenant} has the issuer ${quoteAnswer(issuer)}, which is not this tenant`,
      fix: `find out which server answers in place of ${entraHost}: a proxy, the DNS or a test server`,
    });
  }
}

function reportOtherCloud(
  tenant: string,
  endpoint: unknown,
  cloud: unknown,
  report: CheckContext["report"],
): void {
  const host = typeof endpoint === "string" ? parseUrl(endpoint)?.host : undefined;
  const isOtherHost = host !== undefined && host !== entraHost;
  const isOtherCloud = typeof cloud === "string" && cloud !== "microsoftonline.com";
  if (isOtherHost || isOtherCloud) {
    report({
      severity: "risk",
      check: "entra/national-cloud",
      field: "tenant",
      message: `the tenant ${tenant} belongs to a national cloud (${quoteAnswer(isOtherHost ? host : String(cloud))}); ZITADEL sends users to ${entraHost} and asks graph.microsoft.com, which may reject them`,
      fix: "use the type oidc with the issuer of the national cloud",
    });
  }
}

/** Returns the code of an Entra error in parentheses, without the rest of its text. */
function describeErrorCode(description: unknown): string {
  const code = typeof description === "string" ? /^AADSTS\d+/.exec(description)?.[0] : undefined;
  return code === undefined ? "" : ` (${code})`;
}
