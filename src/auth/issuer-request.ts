import { Code, ConnectError } from "@connectrpc/connect";
import type { JsonObject } from "@bufbuild/protobuf";
import { AttemptError } from "../call/attempt-error.js";
import { createResponseTooLargeError } from "../transport/response-limit.js";
import { defaultMaxTokenResponseBytes } from "../transport/default-max-token-response-bytes.js";
import { readBody } from "../utils/read-body.js";
import { instanceHostHeader } from "../zitadel/instance-host.js";
import { isJsonObject } from "../utils/is-json-object.js";
import { parseHttpDate } from "../utils/parse-http-date.js";
import { tryParseJson } from "../utils/try-parse-json.js";
import { createCausedTokenError } from "./caused-token-error.js";
import { formatErrorCode } from "./format-error-code.js";
import { createTokenError } from "./token-error.js";
import type { TokenRequest } from "./token-supplier.js";
import {
  isRedirect,
  isTemporaryFailure,
  createUnexpectedResponseError,
} from "./unexpected-response-error.js";

/** A request to an issuer: for a token, or for the discovery document, which names the token endpoint. */
export interface IssuerRequest {
  /** The name of the endpoint in errors, e.g. "the token endpoint". */
  readonly endpoint: string;
  readonly url: string;
  readonly issuer: string;
  /** The token request that this request belongs to. Its `fetch`, signal, size limit and instance apply. */
  readonly tokenRequest: TokenRequest;
}

/** A response with a JSON object, and the times around it. */
export interface IssuerResponse {
  readonly response: Response;
  readonly json: JsonObject;
  readonly sentMs: number;
  /** The lead of the server's clock over the local clock, in milliseconds; undefined if the response has no `Date` header. */
  readonly clockOffsetMs: number | undefined;
}

/** The signature of `fetch` that oauth4webapi expects. */
type IssuerFetch = (
  url: string,
  init: RequestInit & { headers: Readonly<Record<string, string>> },
) => Promise<Response>;

/**
 * Sends a request and reads its response as a JSON object, whatever its status.
 *
 * Throws `unavailable` if the server cannot be reached or is temporarily out of order, `resource_exhausted` if the response is
 * too long, and `failed_precondition` if the response shows that the address belongs to something else.
 */
export async function sendIssuerRequest(
  request: IssuerRequest,
  send: (fetch: IssuerFetch) => Promise<Response>,
): Promise<IssuerResponse> {
  const {
    fetch = globalThis.fetch,
    signal,
    maxResponseBytes = defaultMaxTokenResponseBytes,
  } = request.tokenRequest;
  const sentMs = Date.now();
  const response = await mapNetworkErrors(request, () =>
    send((url, init) =>
      fetch(url, { ...init, headers: { ...init.headers, ...createInstanceHeaders(url, request) } }),
    ),
  );
  const clockOffsetMs = readClockOffset(response, (sentMs + Date.now()) / 2);
  if (isTemporaryFailure(response) || isRedirect(response, request.url)) {
    response.body?.cancel().catch(() => undefined);
    throw createUnexpectedResponseError(request, response);
  }
  const body = await mapNetworkErrors(request, () =>
    readBody(response, {
      maxBytes: maxResponseBytes,
      signal,
      tooLarge: createResponseTooLargeError,
    }),
  );
  const json = tryParseJson(new TextDecoder().decode(body));
  if (!isJsonObject(json)) {
    throw createUnexpectedResponseError(request, response);
  }
  return { response, json, sentMs, clockOffsetMs };
}

/** Returns the header that names the instance to its own server. Any other server has its name in its URL. */
function createInstanceHeaders(
  url: string,
  { tokenRequest: { baseUrl, instanceHost } }: IssuerRequest,
): Readonly<Record<string, string>> {
  return instanceHost !== undefined && new URL(url).origin === new URL(baseUrl).origin
    ? { [instanceHostHeader]: instanceHost }
    : {};
}

/**
 * Converts errors of the network and of broken HTTP/2 streams to `unavailable`. Other ConnectErrors pass unchanged, except that the
 * error of a long response names the limit for token responses.
 */
async function mapNetworkErrors<T>(
  { endpoint, url, tokenRequest }: IssuerRequest,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    const { connectionBroke = false, notDone, isConnectTimeout } = AttemptError.factsOf(cause);
    const isBrokenStream = connectionBroke || notDone === "rejected";
    if (cause instanceof ConnectError && !isBrokenStream) {
      const { maxResponseBytes = defaultMaxTokenResponseBytes } = tokenRequest;
      throw cause.code === Code.ResourceExhausted
        ? createTokenError(
            `the response of ${endpoint} ${url} is longer than the limit of ${maxResponseBytes} bytes (limits.maxTokenResponseBytes)`,
            Code.ResourceExhausted,
          )
        : cause;
    }
    const text = `${endpoint} ${url} cannot be reached, or the connection broke${formatErrorCode(cause)}`;
    const facts = { tokenRequestUrl: url, isConnectTimeout };
    throw createCausedTokenError(text, Code.Unavailable, cause, facts);
  }
}

/**
 * Returns the lead of the server's clock over the local clock, in milliseconds. `Date` has whole seconds, so the middle of that second
 * is the best estimate. Pages of another origin cannot read the header.
 *
 * RPCs show the time in `expires` too, but the endpoints of an issuer set `expires` to one hour ago
 * (`internal/api/http/middleware/cache_interceptor.go` of ZITADEL).
 */
function readClockOffset({ headers }: Response, localMs: number): number | undefined {
  const serverMs = parseHttpDate(headers.get("date"));
  return serverMs === undefined ? undefined : serverMs + 500 - localMs;
}
