import { isJsonObject } from "../../../utils/is-json-object.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";
import type { CheckContext } from "../../check-context.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import type { KeySource } from "./key-source.js";

/** Loads the keys of a JSON Web Key Set. If the URL serves none, reports the reason and returns undefined. */
export async function loadKeys(
  { topic, url, field, isPublic }: KeySource,
  { upstream, report }: CheckContext,
): Promise<readonly unknown[] | undefined> {
  const check = `${topic}/keys-unreachable`;
  let response: UpstreamResponse;
  try {
    response = await upstream.get(url);
  } catch (error) {
    report(toUnreachableFinding(error, { check, field, isPublic, purpose: `the key set ${url}` }));
    return undefined;
  }
  const { status, text } = response;
  if (status !== 200) {
    report({
      // A firewall or a rate limit may treat ZITADEL differently.
      severity: status === 403 || status === 429 ? "unchecked" : "broken",
      check,
      field,
      message: `the key set ${url} is answered with HTTP status ${status}; ZITADEL needs 200, because it cannot verify tokens without the keys`,
      fix: "configure the server to return the provider's JSON Web Key Set to everyone",
    });
    return undefined;
  }
  const json = tryParseJson(text);
  const keys = isJsonObject(json) ? json["keys"] : undefined;
  if (!Array.isArray(keys)) {
    report({
      severity: "broken",
      check: `${topic}/keys-invalid`,
      field,
      message: `the key set ${url} ${json === undefined ? "is not JSON" : "has no list of keys"}, so ZITADEL cannot verify tokens`,
      fix: "correct the URL: it serves a JSON object with the member keys (RFC 7517)",
    });
    return undefined;
  }
  return keys;
}
