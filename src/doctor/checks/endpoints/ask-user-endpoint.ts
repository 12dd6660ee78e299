import { isJsonObject } from "../../../utils/is-json-object.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";
import type { CheckContext } from "../../check-context.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import { type EndpointFault, findStatusFault } from "./endpoint-fault.js";

/** The answer of a user endpoint to a request without a token. Empty for a refusal, as it should be. */
export interface UserEndpointAnswer {
  readonly fault?: EndpointFault | undefined;
  /** True if the endpoint returns a profile to everybody. */
  readonly isOpen?: boolean | undefined;
}

/** Requests a profile from a user endpoint without a token. Rejects with an `UpstreamError` if there is no answer. */
export async function askUserEndpoint(
  url: string,
  { upstream }: Pick<CheckContext, "upstream">,
): Promise<UserEndpointAnswer> {
  const headers = { accept: "application/json" };
  return classifyAnswer(await upstream.request(url, { headers, followRedirects: false }));
}

function classifyAnswer({ status, text }: UpstreamResponse): UserEndpointAnswer {
  const fault = findStatusFault(status);
  if (fault !== undefined) {
    return { fault };
  }
  const json = tryParseJson(text);
  if (status === 400 || status === 401 || status === 403) {
    return {};
  }
  if (status !== 200) {
    const fact = `answers a request without a token with HTTP ${status}, not with 401`;
    return { fault: { severity: "unchecked", fact } };
  }
  if (!isJsonObject(json)) {
    return { fault: { severity: "broken", fact: "answers with a page instead of JSON" } };
  }
  // Slack, for example, reports errors with status 200.
  return { isOpen: !("error" in json) };
}
