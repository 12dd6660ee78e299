import { checkHttpUrl } from "../../../providers/model/checks/url.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { quoteAnswer } from "../../quote-answer.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { explainDifference } from "../oidc/explain-difference.js";
import { toDiscoveryUrl } from "../oidc/load-metadata.js";
import { parseProviderMetadata, type ProviderMetadata } from "../oidc/provider-metadata.js";

/**
 * Checks the issuer of a JWT provider, which the claim `iss` of each token must equal exactly. If the issuer has a discovery document,
 * compares both, because the issuer in the document is that of the tokens.
 */
export async function checkJwtIssuer(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const { fields, type } = provider;
  const issuer = String(fields["issuer"] ?? "");
  const field = "issuer";
  if (type === "jwt" && (fields["audience"] ?? "") === "") {
    context.report({
      severity: "note",
      check: "jwt/any-audience",
      field: "audience",
      message:
        "there is no audience, so ZITADEL accepts tokens that the issuer made for other applications",
      fix: "set audience to the claim aud of the tokens that are meant for ZITADEL",
    });
  }
  if (checkHttpUrl(issuer) !== undefined) {
    context.report({
      severity: "risk",
      check: "jwt/issuer-not-url",
      field,
      message: `the issuer ${quoteAnswer(issuer)} is not an https: URL, as most issuers are; ZITADEL rejects each token whose claim iss is not exactly this text`,
      fix: "compare it with the claim iss of a token, letter by letter, and correct it if it differs",
    });
    return;
  }
  const metadata = await findMetadata(issuer, context);
  if (metadata?.issuer !== undefined && metadata.issuer !== issuer) {
    const difference = explainDifference(issuer, metadata.issuer);
    context.report({
      severity: "risk",
      check: "jwt/issuer-mismatch",
      field,
      message: `the issuer is ${quoteAnswer(issuer)}, but its discovery document says ${quoteAnswer(metadata.issuer)}${
        difference === undefined ? "" : `: they differ in ${difference}`
      }; ZITADEL rejects each token whose claim iss is not exactly the same`,
      fix: `compare it with the claim iss of a token; if the token has the issuer of the document: ${describeUpdate(provider, field, metadata.issuer)}`,
    });
  }
  if (metadata?.jwks_uri !== undefined && metadata.jwks_uri !== fields["keysEndpoint"]) {
    context.report({
      severity: "note",
      check: "jwt/other-keys",
      field: "keysEndpoint",
      message: `the keys come from ${String(fields["keysEndpoint"])}, but the discovery document of the issuer names ${quoteAnswer(metadata.jwks_uri)}`,
      fix: "nothing to do if both serve the same keys",
    });
  }
}

/** Loads the discovery document of an issuer. Returns undefined if there is none, which is not a problem: ZITADEL does not need it. */
async function findMetadata(
  issuer: string,
  { upstream }: CheckContext,
): Promise<ProviderMetadata | undefined> {
  try {
    const { status, text } = await upstream.get(toDiscoveryUrl(issuer));
    const metadata = status === 200 ? parseProviderMetadata(text) : undefined;
    return metadata === undefined || "problem" in metadata ? undefined : metadata;
  } catch (error) {
    if (error instanceof UpstreamError) {
      return undefined;
    }
    throw error;
  }
}
