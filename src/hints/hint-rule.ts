import type { Message } from "../utils/message.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { Code } from "@connectrpc/connect";
import type { ForwardProxyFacts } from "../call/attempt-facts.js";
import type { Protocol } from "../call/protocol.js";
import type { TokenFacts } from "./describe-token.js";

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

/** The facts that the rules read. */
export interface HintFacts {
  readonly text: string;
  readonly code: Code;
  /** ZITADEL's id of the error. */
  readonly id: string | undefined;
  readonly protocol: Protocol | undefined;
  /** The HTTP status of the response, or the more specific status that its page stands for. */
  readonly status: number | undefined;
  /** True for a response of the API itself. */
  readonly isFromZitadel: boolean;
  /** The media type of the response; empty if the response has none, or if there is no response. */
  readonly type: string;
  readonly location: URL | undefined;
  /** The base URL of the API, or the URL of a request for a token that went to another server. */
  readonly url: URL | undefined;
  /** True if the request was for a token, and went to another server than the API. */
  readonly isOtherIssuer: boolean;
  /** The host name of the instance that the request named instead of the host of its URL. */
  readonly instanceHost: string | undefined;
  /** The error codes of Node.js in the chain of causes. */
  readonly codes: readonly string[];
  /** The messages of the causes. */
  readonly causes: readonly string[];
  readonly headers: readonly string[];
  /** The forward proxy that did not connect to the server. */
  readonly forwardProxy: ForwardProxyFacts | undefined;
  /** The pause that `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;
  readonly rpc: string | undefined;
  readonly token: TokenFacts | undefined;
  readonly orgId: string | undefined;
}

/** A rule for one kind of failure: its test and its hint. */
export interface HintRule {
  /** The misrouting reason. Undefined if the request reached ZITADEL, or a proxy that reports why ZITADEL did not answer. */
  readonly reason?: MisroutingReason | undefined;
  readonly when: (facts: HintFacts) => boolean;
  readonly hint: (facts: HintFacts) => Message;
}

/** Returns the host of a URL as hints name it. */
export function describeHost(url: URL | undefined): string {
  return url?.host ?? "this address";
}

/** Returns the hint for a port that accepts TLS only. */
export function tlsOnlyHint({ url }: Pick<HintFacts, "url">): Message {
  return optionText`${describeHost(url)} accepts TLS only: use https: instead of http: in ${phrase.baseUrl}`;
}
