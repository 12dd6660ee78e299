import type { JsonReadOptions } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import type { CallRecord } from "../call/call-record.js";
import type { RestRequest } from "../rest/encode-request.js";
import type { RestResponse } from "../rest/response.js";
import type { UrlValueOptions as ValueOptions } from "../rest/format-url-value.js";
import { isBrowser } from "../utils/environment.js";
import { type HttpSend, sendRequest } from "./http/http.js";
import { timeoutHeader } from "../call/deadline.js";
import { readHeaders } from "../utils/read-headers.js";

/** The options of the JSON transport, with defaults. */
export interface JsonCallOptions {
  readonly baseUrl: string;
  readonly send: HttpSend;
  /** The `fetch` for streams, because `send` would read them to their end. */
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly interceptors: Interceptor[];
  readonly readMaxBytes: number;
  readonly defaultTimeoutMs: number | undefined;
  readonly json: ValueOptions & Partial<JsonReadOptions>;
}

/** Sends a request and reads the response to its end. */
export function send(
  call: JsonCallOptions,
  url: string,
  { verb, body, contentType }: RestRequest,
  header: Headers,
  signal: AbortSignal | undefined,
  record: CallRecord,
): Promise<RestResponse> {
  const headers = Object.fromEntries(header);
  delete headers["content-type"];
  if (contentType !== undefined) {
    headers["content-type"] = contentType;
  }
  const { readMaxBytes } = call;
  const request = { method: verb, headers, body, signal, readMaxBytes, record };
  return sendRequest(call.send, url, request);
}

/**
 * Returns the headers of a call before the interceptors run. In browsers, only the client enforces the deadline: a proxy's CORS
 * rule may reject any additional header.
 */
export function callHeader(init: HeadersInit | undefined, timeoutMs: number | undefined): Headers {
  const header = readHeaders(init);
  header.set("accept", "application/json");
  if (timeoutMs !== undefined && !isBrowser) {
    header.set("grpc-timeout", timeoutHeader(timeoutMs));
  }
  return header;
}
