import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import pLimit, { type LimitFunction } from "p-limit";
import { Code, ConnectError } from "@connectrpc/connect";
import { Call } from "../../call/call.js";
import type { Deadline } from "../../call/deadline.js";
import { startDeadline } from "../../call/start-deadline.js";
import { createNodeSend } from "../../transport/http/node-send.js";
import type { HttpSend } from "../../transport/http/send-request.js";
import type { SocketOptions } from "../../transport/socket/socket-options.js";
import { isFollowedStatus } from "../../utils/is-followed-status.js";
import { isLoopback } from "../../utils/is-loopback.js";
import type { RestResponse } from "../../rest/response.js";
import { errorCodeOf } from "../../utils/error-codes.js";
import { toTexts } from "../../transport/socket/tls-settings.js";
import { unbracketHost } from "../../utils/unbracket-host.js";
import {
  type CertificateProblem,
  findHostCertificateProblem,
} from "../certificates/find-host-certificate-problem.js";
import { readCertificates } from "../certificates/read-certificates.js";
import type { ServedCertificate } from "../certificates/served-certificate.js";
import { loadServedCertificate } from "./load-served-certificate.js";
import { isUnknownEverywhere } from "./is-unknown-everywhere.js";
import { isPrivateAddress } from "./is-private-address.js";
import { toUpstreamError } from "./to-upstream-error.js";
import { UpstreamError } from "./upstream-error.js";

/** Options of requests to the servers of identity providers. */
interface UpstreamOptions {
  /** The forward proxy and the trusted authorities. The client certificate in `tls` is not used, because it is for ZITADEL. */
  readonly sockets: SocketOptions;
  /** The timeout of each request with its redirects, in milliseconds. */
  readonly timeoutMs: number;
  /** True to follow redirects to private addresses, and to accept `http:` to this machine. */
  readonly allowPrivate: boolean;
  /** The time in milliseconds within which the expiry of a certificate is reported. */
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A request to an upstream. */
interface UpstreamRequest {
  /** Default: `GET`. */
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** True to follow up to five redirects, false to return a redirect as it is. Default: true. */
  readonly followRedirects?: boolean | undefined;
}

/** The answer of an upstream, read to its end. */
export interface UpstreamResponse {
  /** The URL that answered, after redirects. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The maximum length of an answer. Even SAML metadata of large federations are shorter. */
const maxResponseBytes = 4 << 20;
/** The number of requests to one host at the same time. */
const maxRequestsPerHost = 4;
const maxRedirects = 5;

/**
 * A client for the servers of identity providers. Its requests have a deadline and a maximum length of the answer, and go through the
 * forward proxy. It sends a few requests at a time to each host, and a GET of the same URL only once, even for many providers.
 */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #senders = new Map<string, HttpSend>();
  readonly #limits = new Map<string, LimitFunction>();
  readonly #gets = new Map<string, Promise<UpstreamResponse>>();
  readonly #certificates = new Map<string, Promise<ServedCertificate | undefined>>();

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** Sends a GET, only once for each URL, and follows redirects. Rejects with an `UpstreamError` if there is no answer. */
  get(url: string): Promise<UpstreamResponse> {
    const response = this.#gets.get(url) ?? this.request(url);
    this.#gets.set(url, response);
    return response;
  }

  /** Sends a request. Rejects with an `UpstreamError` if there is no answer. */
  async request(url: string, request: UpstreamRequest = {}): Promise<UpstreamResponse> {
    const { timeoutMs, signal } = this.#options;
    const { deadline, stop } = startDeadline({ signal, timeoutMs });
    try {
      return await this.#follow(parseUpstreamUrl(url), request, deadline);
    } finally {
      stop();
    }
  }

  /**
   * Rejects with an `UpstreamError` if a URL in the answer of a public `source` leads to a private address. Otherwise an attacker could
   * make this machine send requests and secrets into its own network.
   */
  async checkNamedUrl(url: URL, source: URL): Promise<void> {
    if (
      this.#options.allowPrivate ||
      url.hostname === source.hostname ||
      !(await isPrivateAddress(url.hostname)) ||
      (await isPrivateAddress(source.hostname))
    ) {
      return;
    }
    throw new UpstreamError(
      "private",
      `${source.host} names ${url.host}, a private address, to which nothing is sent without --allow-private`,
    );
  }

  /** Loads the certificate of the server of an `https:` URL, only once for each server. Rejects with an `UpstreamError` on failure. */
  async loadCertificate(url: URL): Promise<ServedCertificate | undefined> {
    const loading = this.#certificates.get(url.origin) ?? this.#loadCertificate(url);
    this.#certificates.set(url.origin, loading);
    return await loading;
  }

  /** Returns the problem of the certificate of the server of an `https:` URL, by the rules of ZITADEL. */
  async findCertificateProblem(url: URL): Promise<CertificateProblem | undefined> {
    const served = await this.loadCertificate(url);
    const { sockets, withinMs } = this.#options;
    const { ca } = sockets.tls ?? {};
    return (
      served &&
      findHostCertificateProblem(served, {
        host: url.host,
        hostname: unbracketHost(url.hostname),
        authorities:
          ca === undefined
            ? undefined
            : toTexts(ca).flatMap((each) => readCertificates(new TextEncoder().encode(each))),
        now: new Date(),
        withinMs,
      })
    );
  }

  /** Runs a task that opens its own connections to `host`, within the limit of requests at a time. */
  async withHost<T>(host: string, task: () => Promise<T>): Promise<T> {
    let limit = this.#limits.get(host);
    if (limit === undefined) {
      limit = pLimit(maxRequestsPerHost);
      this.#limits.set(host, limit);
    }
    return await limit(task);
  }

  /** A `fetch` for protocol libraries, which calls `request` and returns redirects as they are. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { status, headers, text } = await this.request(request.url, {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: request.body === null ? undefined : await request.text(),
      followRedirects: false,
    });
    return new Response(text === "" ? null : text, { status, headers });
  };

  async #follow(
    start: URL,
    request: UpstreamRequest,
    deadline: Deadline,
  ): Promise<UpstreamResponse> {
    let url = start;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#send(url, request, deadline);
      const location = response.headers.get("location");
      if (
        request.followRedirects === false ||
        !isFollowedStatus(response.status) ||
        location === null
      ) {
        return response;
      }
      if (redirects === maxRedirects) {
        throw new UpstreamError(
          "redirect",
          `${start.host} redirects more than ${maxRedirects} times`,
        );
      }
      url = await this.#checkRedirect(url, location);
    }
  }

  /** Returns the target of a redirect. Rejects with an `UpstreamError` for a target without TLS, or at a private address. */
  async #checkRedirect(from: URL, location: string): Promise<URL> {
    if (!URL.canParse(location, from)) {
      throw new UpstreamError("redirect", `${from.host} redirects to a malformed URL`);
    }
    const to = new URL(location, from);
    const { allowPrivate } = this.#options;
    if (
      to.protocol !== "https:" &&
      !(from.protocol === "http:" && isAllowedHttp(to, allowPrivate))
    ) {
      throw new UpstreamError("redirect", `${from.host} redirects to ${to.origin}, without TLS`);
    }
    if (to.host !== from.host && !allowPrivate && (await isPrivateAddress(to.hostname))) {
      throw new UpstreamError(
        "redirect",
        `${from.host} redirects to ${to.host}, a private address, which needs --allow-private`,
      );
    }
    return to;
  }

  async #send(url: URL, request: UpstreamRequest, deadline: Deadline): Promise<UpstreamResponse> {
    const { method = "GET", headers = {}, body } = request;
    return await this.withHost(url.host, async () => {
      try {
        const call = new Call(deadline);
        const sending = this.#findSender(url)({
          url: url.href,
          method,
          headers: { ...defaultHeaders, ...headers },
          body,
          deadline,
          readMaxBytes: maxResponseBytes,
          call,
        });
        const response = await deadline.race(sending);
        const text = await readBody(response, url);
        return { url, status: response.status, headers: response.headers, text };
      } catch (error) {
        throw await this.#toError(error, url, deadline);
      }
    });
  }

  async #loadCertificate(url: URL): Promise<ServedCertificate | undefined> {
    const { sockets, timeoutMs, signal } = this.#options;
    const { deadline, stop } = startDeadline({ signal, timeoutMs });
    try {
      return await loadServedCertificate(url, sockets, timeoutMs, deadline);
    } catch (error) {
      signal?.throwIfAborted();
      throw toUpstreamError(error, url);
    } finally {
      stop();
    }
  }

  /** Adds the problem of the certificate to an error about a certificate. */
  async #explainCertificate(error: UpstreamError, url: URL): Promise<UpstreamError> {
    const certificate = await this.findCertificateProblem(url).catch(() => undefined);
    return certificate === undefined || certificate.severity === "expires"
      ? error
      : new UpstreamError("certificate", certificate.text, { cause: error, certificate });
  }

  async #toError(error: unknown, url: URL, { ending }: Deadline): Promise<Error> {
    const { timeoutMs, signal } = this.#options;
    signal?.throwIfAborted();
    if (ending === "deadline") {
      return new UpstreamError(
        "unreachable",
        `${url.host} does not answer within ${timeoutMs} ms`,
        {
          cause: error,
        },
      );
    }
    if (error instanceof ConnectError && error.code === Code.ResourceExhausted) {
      return createTooLargeError(url, error);
    }
    const upstreamError = toUpstreamError(error, url);
    if (upstreamError.problem === "certificate") {
      return await this.#explainCertificate(upstreamError, url);
    }
    return upstreamError.problem === "unknown-host" && !(await isUnknownEverywhere(url.hostname))
      ? new UpstreamError(
          "unreachable",
          `${upstreamError.message}, as far as the DNS of this machine knows`,
          { cause: error },
        )
      : upstreamError;
  }

  #findSender({ origin }: URL): HttpSend {
    const { sockets, timeoutMs } = this.#options;
    const sender =
      this.#senders.get(origin) ??
      createNodeSend({
        baseUrl: origin,
        proxy: sockets.proxy,
        tls: sockets.tls?.ca === undefined ? undefined : { ca: sockets.tls.ca },
        connectTimeoutMs: timeoutMs,
        maxConnections: maxRequestsPerHost,
      });
    this.#senders.set(origin, sender);
    return sender;
  }
}

/** The headers of each request. Go's client accepts gzip too. */
const defaultHeaders: Readonly<Record<string, string>> = {
  accept: "*/*",
  "accept-encoding": "gzip",
  "user-agent": "zitadel-idp-doctor",
};

/** Returns the body as text. Keeps a byte order mark, which Go's JSON does not accept. */
async function readBody({ headers, body }: RestResponse, url: URL): Promise<string> {
  const isCompressed = headers.get("content-encoding")?.trim().toLowerCase() === "gzip";
  const bytes = isCompressed ? await decompress(body, url) : body;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

async function decompress(body: Uint8Array, url: URL): Promise<Uint8Array> {
  try {
    return await gunzipBytes(body, { maxOutputLength: maxResponseBytes });
  } catch (cause) {
    throw errorCodeOf(cause) === "ERR_BUFFER_TOO_LARGE"
      ? createTooLargeError(url, cause)
      : new UpstreamError("failed", `${url.host} answers with damaged gzip`, { cause });
  }
}

const gunzipBytes = promisify(gunzip) as (
  body: Uint8Array,
  options: { readonly maxOutputLength: number },
) => Promise<Uint8Array>;

function createTooLargeError({ host }: URL, cause: unknown): UpstreamError {
  return new UpstreamError("too-large", `${host} answers with more than 4 MiB`, { cause });
}

function parseUpstreamUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UpstreamError("invalid-url", `${JSON.stringify(text)} is not an http: or https: URL`);
  }
  return url;
}

/** Returns true for an `http:` URL on this machine, if the caller allows such URLs for experiments. */
export function isAllowedHttp({ protocol, hostname }: URL, allowPrivate: boolean): boolean {
  return protocol === "http:" && allowPrivate && isLoopback(hostname);
}
