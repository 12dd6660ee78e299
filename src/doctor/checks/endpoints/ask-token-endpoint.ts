import { isRedirectStatus } from "../../../utils/is-redirect-status.js";
import type { CheckContext } from "../../check-context.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import { readTokenAnswer } from "../secret/read-token-answer.js";
import { type EndpointFault, findStatusFault } from "./endpoint-fault.js";

/**
 * Sends a token request without a secret, and with a code that cannot exist. Returns the fault of the answer, or undefined for a proper
 * OAuth error. Rejects with an `UpstreamError` if there is no answer.
 */
export async function askTokenEndpoint(
  url: string,
  clientId: string,
  { upstream }: Pick<CheckContext, "upstream">,
): Promise<EndpointFault | undefined> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: `zitadel-idp-doctor-${crypto.randomUUID()}`,
    client_id: clientId,
  });
  const response = await upstream.request(url, {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: body.toString(),
    followRedirects: false,
  });
  return findAnswerFault(response);
}

function findAnswerFault({ status, headers, text }: UpstreamResponse): EndpointFault | undefined {
  const { error, isStructured } = readTokenAnswer(status, headers, text);
  // Some servers answer a request without a secret with `server_error` and 500. A 502, 503 or 504 comes from a gateway.
  if (error !== undefined && status <= 500) {
    return undefined;
  }
  const fault = findStatusFault(status);
  if (fault !== undefined) {
    return fault;
  }
  if (isRedirectStatus(status)) {
    return {
      severity: "broken",
      fact: `redirects (HTTP ${status}), and token requests must not be redirected`,
    };
  }
  if ((headers.get("www-authenticate") ?? "").toLowerCase().startsWith("bearer")) {
    return { severity: "broken", fact: "asks for an access token, as user endpoints do" };
  }
  const type = headers.get("content-type") ?? "";
  // A 403 or 429 may be the page of a firewall, which may admit the requests of ZITADEL.
  if (type.includes("html") && status !== 403 && status !== 429) {
    return { severity: "broken", fact: "answers with a page, as authorization endpoints do" };
  }
  return status === 400 || status === 401 || (isStructured && status > 401)
    ? undefined
    : { severity: "unchecked", fact: `answers with HTTP ${status} and without an OAuth error` };
}
