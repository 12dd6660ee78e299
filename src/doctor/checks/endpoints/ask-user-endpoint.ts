import { isJsonObject } from "../../../utils/is-json-object.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";
import type { CheckContext } from "../../check-context.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import { type EndpointFault, findStatusFault } from "./endpoint-fault.js";

/** The answer of a user endpoint to a request without a token: a refusal, a profile, or its fault. */
export interface UserEndpointAnswer {
  readonly verdict?: EndpointFault | undefined;
  /** True if the endpoint returns a profile to everybody. */
  readonly isOpen?: boolean | undefined;
}

/** Asks a user endpoint for a profile, without a token. Rejects with an `UpstreamError` if there is no answer. */
export async function askUserEndpoint(
  url: string,
  { upstream }: Pick<CheckContext, "upstream">,
): Promise<UserEndpointAnswer> {
  const headers = { accept: "application/json" };
  return classifyAnswer(await upstream.request(url, { headers, followRedirects: false }));
}

function classifyAnswer({ status, text }: UpstreamResponse): UserEndpointAnswer {
  const verdict = findStatusFault(status);
  if (verdict !== undefined) {
    return { verdict };
  }
  const json = tryParseJson(text);
  if (status === 400 || status === 401 || status === 403) {
    return {};
  }
  if (status !== 200) {
    const fact = `answers a request without a token with HTTP ${status}, not with 401`;
    return { verdict: { severity: "unchecked", fact } };
  }
  if (!isJsonObject(json)) {
    return { verdict: { severity: "broken", fact: "answers with a page instead of JSON" } };
  }
  // Some providers, such as Slack, report errors with status 200.
  return { isOpen: !("error" in json) };
}
