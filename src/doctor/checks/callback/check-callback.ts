import { checkHttpUrl } from "../../../providers/model/checks/url.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { type CodeFlowEndpoints, findEndpoints } from "../../find-endpoints.js";
import { listRedirectUris, type RedirectUri } from "../../redirect-uris.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { createAuthorizationUrl } from "./authorization-request.js";
import {
  type AuthorizationAnswer,
  classifyAuthorizationAnswer,
} from "./classify-authorization-answer.js";
import { reportCallbackAnswers } from "./report-callback-answers.js";
import { reportCallbackUnchecked } from "./report-callback-unchecked.js";
import { type CallbackAnswers, reportRedirectUris } from "./report-redirect-uris.js";

/** A redirect URI that is registered nowhere. The answer to it shows if the provider checks redirect URIs before users sign in. */
const foreignRedirectUri = "https://zitadel-idp-doctor.invalid/callback";

/** Lists the redirect URIs of this instance, and checks that the provider knows them. */
export async function checkCallback(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const { report, upstream, instance } = context;
  const uris = listRedirectUris(provider, instance.origins);
  if (uris.length === 0) {
    reportCallbackUnchecked(
      report,
      "the domains of the instance are not known without ZITADEL_URL or --url",
    );
    return;
  }
  try {
    const endpoints = await findEndpoints(provider, upstream);
    const answers = endpoints && (await requestAll(provider, endpoints, uris, context));
    reportRedirectUris(report, provider, uris, answers);
    if (answers !== undefined) {
      reportCallbackAnswers(report, provider, answers, instance);
    }
  } catch (error) {
    if (!(error instanceof UpstreamError)) {
      throw error;
    }
    reportRedirectUris(report, provider, uris);
    reportCallbackUnchecked(report, error.message);
  }
}

/** Sends an authorization request for each redirect URI, and one for a redirect URI that the provider cannot know. */
async function requestAll(
  provider: CheckedProvider,
  { authorization: endpoint, source }: CodeFlowEndpoints,
  uris: readonly RedirectUri[],
  { upstream }: CheckContext,
): Promise<CallbackAnswers> {
  const problem = checkHttpUrl(endpoint);
  if (problem !== undefined) {
    throw new UpstreamError("invalid-url", `the authorization endpoint ${problem}`);
  }
  if (source !== undefined) {
    await upstream.checkNamedUrl(new URL(endpoint), source);
  }
  const request = async (uri: string): Promise<AuthorizationAnswer> => {
    const url = await createAuthorizationUrl(provider, endpoint, uri);
    const headers = { accept: "text/html", "accept-language": "en" };
    const response = await upstream.request(url, { headers, followRedirects: false });
    return classifyAuthorizationAnswer(response, uri);
  };
  const [foreign, ...all] = await Promise.all([
    request(foreignRedirectUri),
    ...uris.map(async (each) => ({ ...each, answer: await request(each.uri) })),
  ]);
  return explainRefusals({ all, foreign, endpoint: new URL(endpoint) });
}

/**
 * Turns refusals for an unknown reason into mismatches if the provider accepts other redirect URIs: the requests differ only in the
 * redirect URI.
 */
function explainRefusals({ all, foreign, endpoint }: CallbackAnswers): CallbackAnswers {
  const accepting: readonly AuthorizationAnswer["kind"][] = ["known", "rejected", "page"];
  if (!all.some(({ answer }) => accepting.includes(answer.kind))) {
    return { all, foreign, endpoint };
  }
  const explain = (answer: AuthorizationAnswer): AuthorizationAnswer =>
    answer.kind === "refused" || answer.kind === "missing" ? { kind: "mismatch" } : answer;
  return {
    all: all.map((each) => ({ ...each, answer: explain(each.answer) })),
    foreign: explain(foreign),
    endpoint,
  };
}
