import { create } from "@bufbuild/protobuf";
import type {
  JsonReadOptions,
  JsonValue,
  JsonWriteOptions,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createSend } from "#http";
import { encodeBody } from "../rest/body.js";
import { encodeRequest, encodeTarget, targetText } from "../rest/request.js";
import { decodeResponse } from "../rest/response.js";
import { sendBy } from "./http/fetch.js";
import { callHeader, send, type JsonCallOptions } from "./json-http.js";
import { chooseTimeoutMs } from "./limits.js";
import { notDecodedKey } from "./not-decoded.js";
import { LazyResponse } from "./lazy-response.js";
import {
  checkTransportOptions,
  defaultReadMaxBytes,
  type HttpTransportOptions,
} from "./transport-options.js";
import { runUnary } from "./unary.js";
import { beforeSending } from "./before-sending.js";
import { restMethodOf } from "./rest-method.js";
import { withoutTrailingSlashes } from "../without-trailing-slashes.js";

/** Options of `createJsonTransport`. Names and meanings are those of connect-web's transports. */
export interface JsonTransportOptions extends HttpTransportOptions {
  /**
   * The address of the server. A path stays in front of every request path: `https://proxy.example/zitadel` calls
   * `https://proxy.example/zitadel/management/v1/...`.
   */
  baseUrl: string;
  /**
   * How requests are sent. It gets a URL as text and an init of plain values. Default: the global `fetch`; in Node.js undici,
   * which that stands on, at a fraction of its cost.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** Connect interceptors around every call. */
  interceptors?: Interceptor[] | undefined;
  /**
   * How JSON is read and written. Unknown fields are ignored unless `ignoreUnknownFields` is false. `registry` adds types
   * of google.protobuf.Any and of error details; ZITADEL's error details are known without it.
   */
  jsonOptions?: Partial<JsonReadOptions & JsonWriteOptions> | undefined;
  /**
   * The names inside a FieldMask in the query. grpc-gateway, and so ZITADEL, reads proto names only; other servers want
   * camelCase. Default: `"snake_case"`.
   */
  queryFieldMask?: "snake_case" | "camelCase" | undefined;
}

/**
 * A Connect transport for services with google.api.http rules: plain HTTP requests with JSON, as grpc-gateway serves
 * them, over `fetch` or what is faster. It works where neither gRPC nor gRPC-web does, and is not the Connect protocol.
 *
 * Unary and server-streaming RPCs. A call fails with `unimplemented` when the method has no rule or streams its requests,
 * `internal` when its rule is broken, `invalid_argument` when a message does not fit the rule (nothing is sent then),
 * `unavailable` when the server cannot be reached, and otherwise with what the server says. Redirects are not followed.
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
      // Not awaited in vain: each turn of the event loop's queue costs the call time.
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
          // Again, because an interceptor of others may have changed the message, and may have put another URL in its place.
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
      // ZITADEL's services have none, so whoever has them loads it.
      const { streamJson } = await import("#json-stream");
      return await streamJson(call, ...streamed);
    },
  };
}
