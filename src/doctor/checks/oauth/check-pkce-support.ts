import { isJsonObject } from "../../../utils/is-json-object.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { isInsecure } from "../../find-endpoints.js";
import { getOAuthEndpoints } from "./endpoint-fields.js";

/** The paths at which servers publish their metadata: RFC 8414 and OpenID Connect Discovery. */
const metadataPaths = [
  "/.well-known/oauth-authorization-server",
  "/.well-known/openid-configuration",
];

/**
 * Compares `usePkce` with the metadata that the server publishes about this token endpoint. Reports nothing without metadata, because
 * most OAuth servers publish none.
 */
export async function checkPkceSupport(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const { tokenEndpoint } = getOAuthEndpoints(provider);
  if (!URL.canParse(tokenEndpoint) || isInsecure(tokenEndpoint, context.allowPrivate)) {
    return;
  }
  const methods = await findPkceMethods(tokenEndpoint, context);
  const isOn = provider.fields["usePkce"] === true;
  if (methods === undefined || methods.includes("S256") === isOn) {
    return;
  }
  context.report(
    isOn
      ? {
          severity: "risk",
          check: "oauth/pkce-unsupported",
          field: "usePkce",
          message:
            "PKCE is on, but the metadata of the provider does not list its method S256, so the provider ignores or rejects the challenge",
          fix: `turn PKCE on at the provider, or off here: ${describeUpdate(provider, "usePkce", false)}`,
        }
      : {
          severity: "note",
          check: "oauth/pkce-available",
          field: "usePkce",
          message:
            "the provider supports PKCE, which protects authorization codes against theft, but PKCE is off",
          fix: describeUpdate(provider, "usePkce", true),
        },
  );
}

/** Returns the PKCE methods in the metadata of the server with this token endpoint, or undefined if it publishes none. */
async function findPkceMethods(
  tokenEndpoint: string,
  { upstream }: CheckContext,
): Promise<readonly unknown[] | undefined> {
  for (const path of metadataPaths) {
    try {
      const { status, text } = await upstream.get(new URL(path, tokenEndpoint).href);
      const metadata = status === 200 ? tryParseJson(text) : undefined;
      if (isJsonObject(metadata) && metadata["token_endpoint"] === tokenEndpoint) {
        const methods = metadata["code_challenge_methods_supported"];
        return Array.isArray(methods) ? methods : undefined;
      }
    } catch (error) {
      if (!(error instanceof UpstreamError)) {
        throw error;
      }
      // `checkTokenEndpoint` reports a host that does not answer, so try the next path.
    }
  }
  return undefined;
}
