import type { Code, ConnectError } from "@connectrpc/connect";
import type { Protocol } from "../runtime/runtime.js";
import { evidenceOf } from "../transport/evidence.js";
import { answerHints } from "./answer-hints.js";
import { describeToken, type TokenFacts } from "./describe-token.js";
import { networkHints } from "./network-hints.js";
import { retryAfterMs } from "./pause.js";
import { proxyHints } from "./proxy-hints.js";
import { refusalHints } from "./refusal-hints.js";
import { errorId } from "./zitadel-error.js";

/**
 * What was reached in the place of ZITADEL's API, or why nothing was.
 *
 * - `html`, `foreign`: a web page (the error page of a proxy among them), or the answer of another program.
 * - `login-page`: a proxy that wants to know who somebody is, by a page or by a redirect to one. `redirect`: any other.
 * - `path`: the API is not under this path. `unknown-rpc`: it is there, but has no such RPC.
 * - `unknown-instance`: a ZITADEL, but no instance of it has this host name.
 * - `connect-protocol`: the API was asked in the Connect protocol, which it does not speak.
 * - `http1`, `http2`: only this version of HTTP is spoken there, and the wire needs the other.
 * - `missing-trailers`: something in between dropped the end of the answers.
 * - `tls-on-plain-port`, `plain-on-tls-port`: `https:` where `http:` is spoken, and the other way round.
 * - `certificate`: the certificate is not trusted here, or is not for this host name, or not now.
 * - `cors`: a browser did not get through, or was not allowed to tell.
 * - `unreachable`: nothing listens there.
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

/** A failed request, as far as it is known. */
export interface Failure {
  /** The error that the wire threw, with its causes. */
  readonly error: ConnectError;
  /** The wire; none of somebody's own. */
  readonly protocol?: Protocol;
  /** The HTTP status, where an answer came. */
  readonly httpStatus?: number;
  /** The address that was called, or what the addresses of all calls begin with. */
  readonly baseUrl?: string;
  /** The names of the headers of the request, as far as they are known. */
  readonly headers?: readonly string[];
  /** The RPC, e.g. `zitadel.management.v1.ManagementService/DeleteProvider`. */
  readonly rpc?: string;
  /** The token that the request carried. Hints tell its kind and its end, and nothing else of it. */
  readonly token?: string | undefined;
  /** The organization that the request named. */
  readonly orgId?: string | undefined;
}

/** What the rules look at. */
export interface Facts {
  readonly text: string;
  readonly code: Code;
  /** ZITADEL's id of the error. */
  readonly id: string | undefined;
  readonly protocol: Protocol | undefined;
  /** The HTTP status of the answer, or the more telling one that its page stands for. */
  readonly status: number | undefined;
  /** True for an answer of the API itself. */
  readonly spoken: boolean;
  /** The media type of the answer; empty if it has none, or if there is no answer. */
  readonly type: string;
  readonly location: URL | undefined;
  readonly url: URL | undefined;
  /** The error codes of Node.js in the chain of causes. */
  readonly codes: readonly string[];
  /** The texts of the causes. */
  readonly causes: readonly string[];
  readonly headers: readonly string[];
  /** The pause that `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;
  readonly rpc: string | undefined;
  readonly token: TokenFacts | undefined;
  readonly orgId: string | undefined;
}

/** A kind of failure: how it is recognized, and its hint. */
export interface HintRule {
  /** None where the request reached ZITADEL, or a proxy that only passes on why it did not. */
  readonly reason?: MisroutingReason;
  readonly when: (facts: Facts) => boolean;
  readonly hint: (facts: Facts) => string;
}

/** In the order in which they are tried. */
const rules: readonly HintRule[] = [
  ...refusalHints,
  ...answerHints,
  ...proxyHints,
  ...networkHints,
];

/**
 * Explains a failed request: one sentence that names the cause and the way out. Returns undefined for what explains itself, as
 * most errors of ZITADEL do. A hint repeats nothing of the request and the answer but host names, paths of `baseUrl`, names of
 * headers, the id of the organization, and when a token ends.
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
