import type { Code, ConnectError } from "@connectrpc/connect";
import type { Protocol } from "../call/protocol.js";
import { evidenceOf } from "../call/evidence.js";
import { answerHints } from "./response-hints.js";
import { describeToken, type TokenFacts } from "./describe-token.js";
import { networkHints } from "./network-hints.js";
import { retryAfterMs } from "../call/pause.js";
import { proxyHints } from "./proxy-hints.js";
import { refusalHints } from "./rejection-hints.js";
import { errorId } from "../policy/errors/zitadel-error.js";

/**
 * The cause of a call that did not reach ZITADEL's API.
 *
 * - `html`, `foreign`: a web page answered (also the error page of a proxy), or another program.
 * - `login-page`: a proxy demands a login, by a page or by a redirect to one. `redirect`: any other redirect.
 * - `path`: the API is not at this path. `unknown-rpc`: the API is there, but has no such RPC.
 * - `unknown-instance`: the server is a ZITADEL, but none of its instances has this host name.
 * - `connect-protocol`: the call used the Connect protocol, which the API does not support.
 * - `http1`, `http2`: the server supports this version of HTTP only, and the wire protocol needs the other.
 * - `missing-trailers`: something on the way dropped the end of the response.
 * - `tls-on-plain-port`, `plain-on-tls-port`: `https:` was used for a port without TLS, or `http:` for a port with TLS.
 * - `certificate`: the certificate is not trusted, is for another host name, or is expired or not yet valid.
 * - `cors`: a browser could not reach the server, or CORS rules hide the response.
 * - `unreachable`: the server cannot be reached.
 */
export type MisroutingReason =
  | "html"
  | "foreign"
  | "login-page"
  | "redirect"
  | "path"
  | "unknown-rpc"
  | "unknown-instance"
  | "connect-protocol"
  | "http1"
  | "http2"
  | "missing-trailers"
  | "tls-on-plain-port"
  | "plain-on-tls-port"
  | "certificate"
  | "cors"
  | "unreachable";

/** The known facts about a failed request. */
export interface Failure {
  /** The error that the transport threw, with its causes. */
  readonly error: ConnectError;
  /** The wire protocol; undefined for the caller's own transport. */
  readonly protocol?: Protocol;
  /** The HTTP status, if there was a response. */
  readonly httpStatus?: number;
  /** The URL of the call, or the prefix that the URLs of all calls share. */
  readonly baseUrl?: string;
  /** The names of the request headers, as far as they are known. */
  readonly headers?: readonly string[];
  /** The RPC, e.g. `zitadel.management.v1.ManagementService/DeleteProvider`. */
  readonly rpc?: string;
  /** The token of the request. Hints contain its kind, its length, its issuer's origin and its expiry, and nothing else of it. */
  readonly token?: string | undefined;
  /** The organization id of the request. */
  readonly orgId?: string | undefined;
}

/** The facts that the rules read. */
export interface Facts {
  readonly text: string;
  readonly code: Code;
  /** ZITADEL's id of the error. */
  readonly id: string | undefined;
  readonly protocol: Protocol | undefined;
  /** The HTTP status of the response, or the more specific status that its page stands for. */
  readonly status: number | undefined;
  /** True for a response of the API itself. */
  readonly spoken: boolean;
  /** The media type of the response; empty if the response has none, or if there is no response. */
  readonly type: string;
  readonly location: URL | undefined;
  readonly url: URL | undefined;
  /** The error codes of Node.js in the chain of causes. */
  readonly codes: readonly string[];
  /** The messages of the causes. */
  readonly causes: readonly string[];
  readonly headers: readonly string[];
  /** The pause that `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;
  readonly rpc: string | undefined;
  readonly token: TokenFacts | undefined;
  readonly orgId: string | undefined;
}

/** A rule for one kind of failure: its test and its hint. */
export interface HintRule {
  /** The misrouting reason. Undefined if the request reached ZITADEL, or a proxy that only reports why ZITADEL did not answer. */
  readonly reason?: MisroutingReason;
  readonly when: (facts: Facts) => boolean;
  readonly hint: (facts: Facts) => string;
}

/** All rules. The first match wins. */
const rules: readonly HintRule[] = [
  ...refusalHints,
  ...answerHints,
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
export function hintFor(
  failure: Failure,
): { reason: MisroutingReason | undefined; hint: string } | undefined {
  const facts = factsOf(failure);
  const rule = rules.find(({ when }) => when(facts));
  return rule && { reason: rule.reason, hint: rule.hint(facts) };
}

function factsOf(failure: Failure): Facts {
  const { error, protocol, httpStatus, baseUrl, headers = [], rpc, token, orgId } = failure;
  const chain = causesOf(error);
  const { metadata } = error;
  const { spoken = metadata.has("grpc-status"), meantStatus } = evidenceOf(error);
  const url = parse(baseUrl);
  return {
    text: error.rawMessage,
    code: error.code,
    id: errorId(error),
    protocol,
    status: meantStatus ?? httpStatus,
    spoken,
    type: metadata.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "",
    location: parse(metadata.get("location") ?? undefined, url),
    url,
    codes: chain.flatMap((each) => ("code" in each ? String(each.code) : [])),
    causes: chain.map(({ message }) => message),
    headers: headers.map((name) => name.toLowerCase()),
    retryAfterMs: retryAfterMs(metadata, Date.now()),
    rpc,
    token: token === undefined ? undefined : describeToken(token),
    orgId,
  };
}

function causesOf(error: Error): Error[] {
  const chain: Error[] = [];
  const todo: unknown[] = [error.cause];
  while (todo.length > 0 && chain.length < 16) {
    const each = todo.pop();
    if (each instanceof Error && !chain.includes(each)) {
      chain.push(each);
      todo.push(each.cause, ...(each instanceof AggregateError ? (each.errors as unknown[]) : []));
    }
  }
  return chain;
}

function parse(text: string | undefined, base?: URL): URL | undefined {
  try {
    return text ? new URL(text, base) : undefined;
  } catch {
    return undefined;
  }
}
