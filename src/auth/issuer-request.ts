import { Code, ConnectError } from "@connectrpc/connect";
import { retryAfterMs } from "../call/pause.js";
import { explainProxyStatus } from "../hints/proxy-hints.js";
import { readBody } from "../transport/http/read-body.js";
import { codeOf, tokenError } from "./token-error.js";
import type { TokenRequest } from "./token-source.js";

/** A request that gets a token, or that leads to one, such as the request for the discovery document. */
export interface Exchange {
  /** The name of the server in errors, e.g. "the token endpoint". */
  readonly what: string;
  readonly url: string;
  readonly issuer: string;
  /** The token request that this exchange belongs to. Its `fetch`, signal and size limit apply. */
  readonly request: Pick<TokenRequest, "fetch" | "signal" | "maxResponseBytes">;
}

/** The default limit for the length of a response, in bytes. It is hundreds of times what servers send. */
const defaultMaxBytes = 1024 * 1024;

/** A response with a JSON object, and the times around it. */
export interface Answer {
  readonly response: Response;
  readonly json: Readonly<Record<string, unknown>>;
  readonly sentMs: number;
  /** The lead of the server's clock over the local clock, in milliseconds; undefined if the response has no `Date` header. */
  readonly clockOffsetMs: number | undefined;
}

/** The signature of `fetch` that oauth4webapi expects. */
export type SimpleFetch = (url: string, init: object) => Promise<Response>;

/**
 * Sends a request and reads its response as a JSON object, whatever its status.
 *
 * Throws `unavailable` if the server cannot be reached or is temporarily out of order, `resource_exhausted` if the response is
 * too long, and `failed_precondition` if the response shows that the address belongs to something else.
 */
export async function exchange(
  about: Exchange,
  send: (fetch: SimpleFetch) => Promise<Response>,
): Promise<Answer> {
  const { what, url } = about;
  const { fetch = globalThis.fetch, signal, maxResponseBytes = defaultMaxBytes } = about.request;
  const sentMs = Date.now();
  const reach = async <T>(attempt: () => Promise<T>): Promise<T> => {
    try {
      return await attempt();
    } catch (cause) {
      if (cause instanceof ConnectError) {
        throw cause;
      }
      const text = `${what} ${url} cannot be reached, or the connection broke${codeOf(cause)}`;
      throw tokenError(text, Code.Unavailable, { cause });
    }
  };
  const response = await reach(() => send((address, init) => fetch(address, init)));
  const clockOffsetMs = readClock(response, (sentMs + Date.now()) / 2);
  const tooLarge = (maxBytes: number): ConnectError =>
    tokenError(
      `the response of ${what} ${url} is longer than the limit of ${maxBytes} bytes (limits.maxTokenResponseBytes)`,
      Code.ResourceExhausted,
    );
  if (isTemporary(response) || isRedirect(response)) {
    response.body?.cancel().catch(() => undefined);
    throw unexpected(about, response);
  }
  const body = await reach(() =>
    readBody(response, { maxBytes: maxResponseBytes, signal, tooLarge }),
  );
  const text = new TextDecoder().decode(body);
  const json = parseObject(text);
  if (json === undefined) {
    throw unexpected(about, response);
  }
  return { response, json, sentMs, clockOffsetMs };
}

/** Creates the error for a response that does not fit the request. */
export function unexpected({ what, url, issuer }: Exchange, response: Response): ConnectError {
  const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const hint = explainProxyStatus({
    status: response.status,
    type: type ?? "",
    url: new URL(url),
    retryAfterMs: retryAfterMs(response.headers, Date.now()),
  });
  if (isTemporary(response)) {
    const retryAfter = readWait(response);
    const text = `${what} ${url} answered HTTP ${response.status}${hint ? `; ${hint}` : ""}`;
    return tokenError(text, Code.Unavailable, { retryAfter });
  }
  if (isRedirect(response)) {
    return tokenError(
      `${what} ${url} answered with a redirect, which is not followed: credentials are sent to the given address only; ` +
        `is ${issuer} the instance's own address?`,
      Code.FailedPrecondition,
    );
  }
  const shown =
    type === undefined ? "no content type" : knownTypes.has(type) ? type : "another content type";
  return tokenError(
    `${what} ${url} answered HTTP ${response.status} (${shown}), which is not an OAuth response; ` +
      (hint ?? `is ${issuer} the instance's own address?`),
    Code.FailedPrecondition,
  );
}

/** The content types that error texts may contain. A server may repeat the request in its headers, so no other value is shown. */
const knownTypes: ReadonlySet<string> = new Set([
  "application/json",
  "application/problem+json",
  "application/xml",
  "text/html",
  "text/plain",
  "text/xml",
]);

/** Returns the value of `Retry-After` if it is a number of seconds or a date, and null otherwise. */
function readWait({ headers }: Response): string | null {
  const value = headers.get("retry-after") ?? "";
  if (/^\d{1,6}$/.test(value)) {
    return value;
  }
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toUTCString();
}

function isTemporary({ status }: Response): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** Returns true for a redirect. Browsers show a redirect that is not followed as an opaque response with the status 0. */
function isRedirect({ status, redirected }: Response): boolean {
  return redirected || status === 0 || (status >= 300 && status < 400);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the lead of the server's clock, in milliseconds. `Date` has whole seconds, so the middle of that second is the best
 * estimate. Pages of another origin cannot read the header.
 */
function readClock({ headers }: Response, localMs: number): number | undefined {
  const serverMs = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(serverMs) ? undefined : serverMs + 500 - localMs;
}
