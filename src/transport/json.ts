/**
 * The JSON transport for all runtimes. A call passes these steps:
 *
 * 1. `sendCall` finds the HTTP mapping of the RPC (rest/), encodes the path and the query, which interceptors get as the URL, and builds
 *    the header fields. `runAttempt` runs the interceptors and the policy. Then `encodeRequest` encodes the message as they left it.
 * 2. `sendJson` sends the request by the runtime's HTTP sender (http/).
 * 3. `decodeResponse` (rest/decode-response.ts) returns the message of a success. `createJsonError` (json-errors.ts) creates the error
 *    of anything else.
 */
import { create } from "@bufbuild/protobuf";
import type {
  DescMessage,
  DescMethodUnary,
  JsonReadOptions,
  JsonValue,
  JsonWriteOptions,
  MessageShape,
} from "@bufbuild/protobuf";
import type { ContextValues, Interceptor, UnaryResponse } from "@connectrpc/connect";
import { prepareRequest } from "../call/prepare-request.js";
import type { Call } from "../call/call.js";
import { CallTransport, type UnaryCallRequest } from "../call/call-transport.js";
import { computeAttemptTimeoutMs } from "../call/timeout-header.js";
import {
  encodeRequest,
  encodeTarget,
  type RestRequest,
  formatTarget,
} from "../rest/encode-request.js";
import { decodeResponse } from "../rest/decode-response.js";
import type { RestResponse } from "../rest/response.js";
import type { RestMethod } from "../rest/rest-method.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";
import { hasOwnProxy } from "./has-own-proxy.js";
import { type HttpSend, sendRequest } from "./http/send-request.js";
import { inspectJsonKey } from "./inspect-json.js";
import {
  createJsonRequestFields,
  type JsonSettings,
  findRestMethod,
  type LoadOtherServices,
} from "./json-settings.js";
import { type Attempt, type RequestPolicy, runAttempt } from "./run-attempt.js";
import {
  checkTransportOptions,
  defaultReadMaxBytes,
  type HttpTransportOptions,
} from "./transport-options.js";
import { LazyUnaryResponse } from "./unary-response.js";
import type { Optional } from "../utils/optional.js";
import { withoutUndefined } from "../utils/without-undefined.js";

/** Options of `createJsonTransport`. Names and meanings are those of connect-web's transports. */
export interface JsonTransportOptions extends HttpTransportOptions {
  /**
   * The base URL of the server. Its path is a prefix of every request path: `https://proxy.example/zitadel` calls
   * `https://proxy.example/zitadel/management/v1/...`.
   */
  baseUrl: string;
  /**
   * The function that sends requests. It receives a URL as text and an init of plain values. Default: the global `fetch`; in
   * Node.js, Bun and Deno `node:http` and undici, which take less CPU time.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** Connect interceptors around every call. */
  interceptors?: Interceptor[] | undefined;
  /**
   * Options for reading and writing JSON. Unknown fields are ignored unless `ignoreUnknownFields` is false. `registry` adds types
   * of google.protobuf.Any and of error details; ZITADEL's error details are known without it.
   */
  jsonOptions?: Optional<JsonReadOptions & JsonWriteOptions> | undefined;
  /**
   * The form of the names in a FieldMask in the query. grpc-gateway, and so ZITADEL, accepts proto names only; other servers
   * expect camelCase. Default: `"snake_case"`.
   */
  queryFieldMask?: "snake_case" | "camelCase" | undefined;
}

/** The parts of a JSON transport that only some of its users have. */
interface JsonTransportParts {
  /** The policy of a client. */
  readonly policy?: RequestPolicy | undefined;
  /** Adds the support for other services. */
  readonly loadOtherServices?: LoadOtherServices | undefined;
}

/** Creates a JSON transport that sends requests with `send`. */
export function createJsonTransportOver(
  send: HttpSend,
  options: JsonTransportOptions,
  { policy, loadOtherServices }: JsonTransportParts,
): CallTransport {
  checkTransportOptions(options);
  const settings: JsonSettings = {
    baseUrl: withoutTrailingSlashes(options.baseUrl),
    send,
    readMaxBytes: options.readMaxBytes ?? defaultReadMaxBytes,
    fetch: options.fetch,
    socketOptions: options,
    interceptors: options.interceptors ?? [],
    hasProxy: hasOwnProxy(options),
    defaultTimeoutMs: options.defaultTimeoutMs,
    json: {
      ignoreUnknownFields: true,
      queryFieldMask: options.queryFieldMask,
      ...withoutUndefined(options.jsonOptions ?? {}),
    },
    loadOtherServices,
  };
  return new CallTransport(
    (call, request) => sendCall(settings, policy, call, request),
    async (method, signal, timeoutMs, header, input, contextValues) => {
      // ZITADEL's services have no streams, so their code is loaded on demand.
      const { streamJson } = await import("./stream-json.js");
      const call = { method, signal, timeoutMs, header, input, contextValues };
      return await streamJson(settings, policy, call);
    },
    options.defaultTimeoutMs,
  );
}

async function sendCall<I extends DescMessage, O extends DescMessage>(
  settings: JsonSettings,
  policy: RequestPolicy | undefined,
  call: Call,
  { method, header, input, contextValues, deadline }: UnaryCallRequest<I, O>,
): Promise<UnaryResponse<I, O>> {
  const { baseUrl, interceptors, hasProxy, json } = settings;
  const rest = await findRestMethod(method, settings);
  const message = create(method.input, input);
  const target = prepareRequest(() => encodeTarget(rest, message, json));
  const attempt = {
    call,
    method,
    requestMethod: target.verb,
    url: baseUrl + formatTarget(target),
    fields: prepareRequest(() =>
      createJsonRequestFields(header, computeAttemptTimeoutMs(deadline)),
    ),
    message,
    contextValues,
    deadline,
    hasProxy,
  };
  return await runAttempt(attempt, { interceptors, policy }, (request) => {
    // An interceptor may have changed the message, whose fields are also in the URL, or replaced the whole URL.
    const encoded = prepareRequest(() => encodeRequest(rest, request.message, json));
    const url = request.url === attempt.url ? baseUrl + formatTarget(encoded) : request.url;
    return sendJson({ ...request, url }, rest, encoded, settings);
  });
}

/** Sends the request, and decodes the response. */
async function sendJson<I extends DescMessage, O extends DescMessage>(
  { call, method, url, fields, contextValues, deadline }: Attempt<I, O>,
  rest: RestMethod,
  { verb, body, contentType, binding }: RestRequest,
  { send, readMaxBytes, json, loadOtherServices }: JsonSettings,
): Promise<UnaryResponse<I, O>> {
  delete fields["content-type"];
  if (contentType !== undefined) {
    fields["content-type"] = contentType;
  }
  const request = { url, method: verb, headers: fields, body, deadline, readMaxBytes, call };
  const response = await sendRequest(send, request);
  if (response.status < 200 || response.status > 299) {
    // Load the code for failures with the first one: it stays out of the first load of a page.
    const { createJsonError } = await import("./json-errors.js");
    throw await createJsonError(response, json.registry, loadOtherServices);
  }
  try {
    const message = decodeResponse(rest, binding, response, json);
    inspectJson(method, contextValues, response);
    return new LazyUnaryResponse(
      method,
      message as MessageShape<O>,
      () => response.headers,
      () => new Headers(),
    );
  } catch (error) {
    // As for other failures.
    const { createUnreadableResponseError } = await import("./json-errors.js");
    throw createUnreadableResponseError(error, method, response);
  }
}

/** Passes the JSON of a response to the function that providers/owner-reads.ts has set in the context values, if any. */
function inspectJson(
  { output }: DescMethodUnary,
  contextValues: ContextValues | undefined,
  { body }: RestResponse,
): void {
  const inspect = contextValues?.get(inspectJsonKey);
  if (inspect !== undefined && body.length > 0) {
    inspect(output, JSON.parse(new TextDecoder().decode(body)) as JsonValue);
  }
}
