import type { Message } from "../utils/message.js";
import type { ConnectError } from "@connectrpc/connect";
import type { Protocol } from "../call/protocol.js";
import { AttemptError } from "../call/attempt-error.js";
import type { AttemptFacts } from "../call/attempt-facts.js";
import { listCauses } from "../utils/list-causes.js";
import { parseUrl } from "../utils/parse-url.js";
import { responseHints } from "./response-hints.js";
import { describeToken } from "./describe-token.js";
import { findErrorId } from "./error-id.js";
import type { MisroutingReason } from "../call/misrouting-reason.js";
import type { HintFacts, HintRule } from "./hint-rule.js";
import { forwardProxyHints } from "./forward-proxy-hints.js";
import { networkHints } from "./network-hints.js";
import { readRetryAfterMs } from "../call/retry-after.js";
import { proxyHints } from "./proxy-hints.js";
import { rejectionHints } from "./rejection-hints.js";

/** The known facts about a failed request. */
interface FailedRequest {
  /** The error that the transport threw, with its causes. */
  readonly error: ConnectError;
  /** The facts about the attempt. Default: the facts of `error`. A redacted copy of an error has lost its facts. */
  readonly attempt?: AttemptFacts;
  /** The wire protocol; undefined for the caller's own transport. */
  readonly protocol?: Protocol | undefined;
  /** The HTTP status, if there was a response. */
  readonly httpStatus?: number | undefined;
  /** The URL of the call, or the prefix that the URLs of all calls share. */
  readonly baseUrl?: string | undefined;
  /** The host name of the instance that the request named instead of the host of its URL. */
  readonly instanceHost?: string | undefined;
  /** The RPC, e.g. `zitadel.management.v1.ManagementService/DeleteProvider`. */
  readonly rpc?: string;
  /** The token of the request. Hints contain only its kind, its length, its expiry and the origin of its issuer. */
  readonly token?: string | undefined;
  /** The organization id of the request. */
  readonly orgId?: string | undefined;
}

/** All rules. The first match wins. */
const rules: readonly HintRule[] = [
  ...forwardProxyHints,
  ...rejectionHints,
  ...responseHints,
  ...proxyHints,
  ...networkHints,
];

/**
 * Explains a failed request in one sentence with the cause and the fix. Returns undefined for an error that needs no explanation,
 * such as most errors of ZITADEL.
 *
 * Of the request and the response, a hint repeats only host names, paths of `baseUrl`, names of headers, the id of the
 * organization, and the length, issuer and expiry of a token.
 */
export function findHint(
  failure: FailedRequest,
): { reason: MisroutingReason | undefined; hint: Message } | undefined {
  const facts = readFacts(failure);
  const rule = rules.find(({ when }) => when(facts));
  return rule && { reason: rule.reason, hint: rule.hint(facts) };
}

function readFacts(failure: FailedRequest): HintFacts {
  const { error, protocol, httpStatus, baseUrl, instanceHost, rpc, token, orgId } = failure;
  const { metadata } = error;
  const attempt = failure.attempt ?? AttemptError.factsOf(error);
  const { isFromZitadel = false, impliedStatus, tokenRequestUrl = "", headers = [] } = attempt;
  // The causes of an error that is not about a connection may be anything.
  const isConnectionError = attempt.connectionBroke || attempt.notDone !== undefined;
  const causes = isConnectionError ? listCauses(error) : [];
  const apiUrl = baseUrl === undefined ? undefined : parseUrl(baseUrl);
  const tokenUrl = parseUrl(tokenRequestUrl);
  const isOtherIssuer = tokenUrl !== undefined && tokenUrl.origin !== apiUrl?.origin;
  const url = isOtherIssuer ? tokenUrl : apiUrl;
  const location = metadata.get("location");
  return {
    ...attempt,
    text: error.rawMessage,
    code: error.code,
    id: findErrorId(error),
    protocol,
    status: impliedStatus ?? httpStatus,
    isFromZitadel,
    type: metadata.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "",
    location: location ? parseUrl(location, url) : undefined,
    url,
    isOtherIssuer,
    instanceHost,
    codes: causes.flatMap((each) => ("code" in each ? String(each.code) : [])),
    causes: causes.map(({ message }) => message),
    headers: headers.map((name) => name.toLowerCase()),
    retryAfterMs: readRetryAfterMs(metadata, Date.now()),
    rpc,
    token: token === undefined ? undefined : describeToken(token),
    orgId,
  };
}
