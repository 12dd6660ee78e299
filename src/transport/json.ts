import { create } from "@bufbuild/protobuf";
import type {
  JsonReadOptions,
  JsonValue,
  JsonWriteOptions,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createSend } from "#http";
import { encodeRequestBody as encodeBody } from "../rest/encode-request-body.js";
import { encodeRequest, encodeTarget, formatTarget as targetText } from "../rest/encode-request.js";
import { decodeResponse } from "../rest/decode-response.js";
import { sendBy } from "./http/fetch.js";
import { callHeader, send, type JsonCallOptions } from "./json-http.js";
import { chooseTimeoutMs } from "../call/deadline.js";
import { notDecodedKey } from "./not-decoded.js";
import { LazyResponse } from "./lazy-response.js";
import {
  checkTransportOptions,
  defaultReadMaxBytes,
  type HttpTransportOptions,
} from "./transport-options.js";
import { runUnary } from "./run-unary.js";
import { beforeSending } from "./before-sending.js";
import { restMethodOf } from "./rest-method.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";

/** Options of `createJsonTransport`. Names and meanings are those of connect-web's transports. */
export interface JsonTransportOptions extends HttpTransportOptions {
  /**
   * The base URL of the server. Its path is a prefix of every request path: `https://proxy.example/zitadel` calls
   * `https://proxy.example/zitadel/management/v1/...`.
   */
  baseUrl: string;
  /**
   * The function that sends requests. It receives a URL as text and an init of plain values. Default: the global `fetch`; in
   * Node.js `node:http`, at a third of its cost.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** Connect interceptors around every call. */
  interceptors?: Interceptor[] | undefined;
  /**
   * Options for reading and writing JSON. Unknown fields are ignored unless `ignoreUnknownFields` is false. `registry` adds types
   * of google.protobuf.Any and of error details; ZITADEL's error details are known without it.
   */
  jsonOptions?: Partial<JsonReadOptions & JsonWriteOptions> | undefined;
  /**
   * The form of the names in a FieldMask in the query. grpc-gateway, and so ZITADEL, accepts proto names only; other servers
   * expect camelCase. Default: `"snake_case"`.
   */
  queryFieldMask?: "snake_case" | "camelCase" | undefined;
}

/**
 * Creates a Connect transport for services with google.api.http rules: plain HTTP requests with JSON, as grpc-gateway serves
 * them. It works where neither gRPC nor gRPC-web is available, and is not the Connect protocol.
 *
 * It supports unary and server-streaming RPCs. Redirects are not followed. Throws a TypeError if an option is invalid. Calls fail
 * with
 *
 * - `unimplemented` if the method has no rule or streams its requests,
 * - `internal` if its rule is broken,
 * - `invalid_argument` if a message does not fit the rule (nothing is sent then),
 * - `unavailable` if the server cannot be reached,
 * - and otherwise with the server's error.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const admin = createAdminClient(transport);
 */
export function createJsonTransport(options: JsonTransportOptions): Transport {
  checkTransportOptions(options);
  const call: JsonCallOptions = {
    baseUrl: withoutTrailingSlashes(options.baseUrl),
    send: options.fetch === undefined ? createSend(options) : sendBy(options.fetch),
    readMaxBytes: options.readMaxBytes ?? defaultReadMaxBytes,
    fetch: options.fetch,
    interceptors: options.interceptors ?? [],
    defaultTimeoutMs: options.defaultTimeoutMs,
    json: {
      ignoreUnknownFields: true,
      queryFieldMask: options.queryFieldMask,
      ...options.jsonOptions,
    },
  };
  return {
    async unary(method, signal, ownTimeoutMs, header, input, contextValues) {
      const timeoutMs = chooseTimeoutMs(ownTimeoutMs, call.defaultTimeoutMs);
      const own = restMethodOf(method, call);
      // Await only if necessary: each microtask adds to the cost of a call.
      const rest = own instanceof Promise ? await own : own;
      const message = create(method.input, input);
      const first = beforeSending(() => encodeTarget(rest, message, call.json));
      const url = call.baseUrl + targetText(first);
      return await runUnary(
        {
          method,
          requestMethod: first.verb,
          url,
          header: () => callHeader(header, timeoutMs),
          input: message,
          contextValues,
          signal,
          timeoutMs,
          interceptors: call.interceptors,
        },
        async (req, requestSignal, isOurs, record) => {
          // Encoded again, because a foreign interceptor may have changed the message, and may have replaced the URL.
          const request = beforeSending(() =>
            isOurs
              ? { ...first, ...encodeBody(rest, first.binding, message, call.json) }
              : encodeRequest(rest, req.message, call.json),
          );
          const target = isOurs
            ? url
            : req.url === url
              ? call.baseUrl + targetText(request)
              : req.url;
          const response = await send(call, target, request, req.header, requestSignal, record);
          if (response.status < 200 || response.status > 299) {
            const { jsonFailure } = await import("#json-failure");
            throw await jsonFailure(response, call.json.registry);
          }
          try {
            const answer = decodeResponse(rest, request.binding, response, call.json);
            const look = contextValues?.get(notDecodedKey);
            if (look !== undefined && response.body.length > 0) {
              look(method.output, JSON.parse(new TextDecoder().decode(response.body)) as JsonValue);
            }
            const made = new LazyResponse(
              method,
              answer as MessageShape<typeof method.output>,
              () => response.headers,
              () => new Headers(),
            );
            return isOurs ? made : made.whole();
          } catch (error) {
            const { unreadableAnswer } = await import("#json-failure");
            throw unreadableAnswer(error, method, response);
          }
        },
      );
    },
    async stream(...streamed) {
      // ZITADEL's services have no streams, so their code is loaded on demand.
      const { streamJson } = await import("#json-stream");
      return await streamJson(call, ...streamed);
    },
  };
}
