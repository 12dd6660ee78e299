import type { Code, ConnectError } from "@connectrpc/connect";
import type { Protocol } from "../runtime/runtime.js";
import { answerHints } from "./answer-hints.js";
import { networkHints } from "./network-hints.js";

/**
 * What was reached in the place of ZITADEL's API, or why nothing was.
 *
 * - `html`, `foreign`: a web page, or the answer of another program.
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
}

/** What the rules look at. */
export interface Facts {
  readonly text: string;
  readonly code: Code;
  readonly protocol: Protocol | undefined;
  readonly status: number | undefined;
  /** The media type of the answer; empty if it has none, or if there is no answer. */
  readonly type: string;
  readonly location: URL | undefined;
  readonly url: URL | undefined;
  /** The error codes of Node.js in the chain of causes. */
  readonly codes: readonly string[];
  /** The texts of the causes. */
  readonly causes: readonly string[];
  readonly headers: readonly string[];
}

/** One kind of misrouting: what it is known by, and what to tell. */
export interface HintRule {
  readonly reason: MisroutingReason;
  readonly when: (facts: Facts) => boolean;
  readonly hint: (facts: Facts) => string;
}

/**
 * Says of a failed request whether it went astray, and how to put that right: one sentence that names the cause and what
 * to do. `undefined` for what is no misrouting, above all for errors of ZITADEL itself. Nothing of the request or the
 * answer is repeated but host names, paths of `baseUrl` and names of headers.
 */
export function hintFor(failure: Failure): { reason: MisroutingReason; hint: string } | undefined {
  const facts = factsOf(failure);
  const rule = [...answerHints, ...networkHints].find(({ when }) => when(facts));
  return rule && { reason: rule.reason, hint: rule.hint(facts) };
}

function factsOf({ error, protocol, httpStatus, baseUrl, headers = [] }: Failure): Facts {
  const chain = causesOf(error);
  const { metadata } = error;
  const url = parse(baseUrl);
  return {
    text: error.rawMessage,
    code: error.code,
    protocol,
    status: httpStatus,
    type: metadata.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "",
    location: parse(metadata.get("location") ?? undefined, url),
    url,
    codes: chain.flatMap((each) => ("code" in each ? String(each.code) : [])),
    causes: chain.map(({ message }) => message),
    headers: headers.map((name) => name.toLowerCase()),
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
