import type { DescMessage, DescMethodUnary } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import type { UnaryResponse } from "@connectrpc/connect";
import { createSend } from "#http";
import type { RestResponse } from "../rest/response.js";
import { isBrowser } from "../utils/environment.js";
import { readHeaders } from "../utils/read-headers.js";
import { type BinaryOptions, parse, serialize } from "./binary.js";
import { decodeFrames, encodeFrame, trailersFlag } from "./frames.js";
import { parseTrailer } from "./grpc-web-trailer.js";
import { sendBy } from "./http/fetch.js";
import { sendRequest } from "./http/http.js";
import { chooseTimeoutMs, timeoutHeader } from "../call/deadline.js";
import {
  checkTransportOptions,
  defaultReadMaxBytes,
  type HttpTransportOptions,
} from "./transport-options.js";
import { runUnary } from "./run-unary.js";

/** Options of `createGrpcWebTransport`. Names and meanings are those of connect-web's transport. */
export interface GrpcWebTransportOptions extends HttpTransportOptions {
  /** The base URL of the server. */
  baseUrl: string;
  /**
   * The function that sends requests. Default: the global `fetch`; in Node.js `node:http`, at a third of its cost.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** Connect interceptors around every call. */
  interceptors?: Interceptor[] | undefined;
  /** Options for reading and writing messages in binary. */
  binaryOptions?: BinaryOptions | undefined;
}

/**
 * Creates a Connect transport for unary RPCs with gRPC-web over `fetch`. All RPCs of this package are unary.
 *
 * The transport only needs the binary form of messages, which makes a bundle a third smaller than with connect-web's transport,
 * whose options include JSON. Compression is left to HTTP. A streaming RPC fails with `unimplemented`. ZITADEL, the runtimes and
 * proxies require some other differences to connect-web:
 *
 * - In a browser, only the client enforces the deadline: ZITADEL's CORS rule for gRPC-web rejects the `grpc-timeout` header, and
 * the browser would not send the call.
 * - A redirect is detected in the response instead of by `redirect: "error"`, which workerd does not support.
 * - A response of another content type is reported as such, whereas connect-web would parse a web page as frames.
 * - An unreachable network is `unavailable`, as with the other wire protocols, and not `unknown`.
 *
 * Throws a TypeError if an option is invalid.
 *
 * @example
 * const transport = createGrpcWebTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const admin = createAdminClient(transport);
 */
export function createGrpcWebTransport(options: GrpcWebTransportOptions): Transport {
  checkTransportOptions(options);
  const { fetch, interceptors = [], binaryOptions, readMaxBytes = defaultReadMaxBytes } = options;
  const baseUrl = options.baseUrl.replace(/\/$/, "");
  const send = fetch === undefined ? createSend(options) : sendBy(fetch);
  return {
    async unary(method, signal, ownTimeoutMs, header, input, contextValues) {
      const timeoutMs = chooseTimeoutMs(ownTimeoutMs, options.defaultTimeoutMs);
      return await runUnary(
        {
          method,
          requestMethod: "POST",
          url: `${baseUrl}/${method.parent.typeName}/${method.name}`,
          header: () => requestHeader(header, timeoutMs),
          input,
          contextValues,
          signal,
          timeoutMs,
          interceptors,
        },
        async (request, requestSignal, _isOurs, record) => {
          const data = serialize(method.input, request.message, binaryOptions);
          const answer = await sendRequest(send, request.url, {
            method: "POST",
            headers: Object.fromEntries(request.header),
            body: encodeFrame({ flags: 0, data }),
            signal: requestSignal,
            readMaxBytes,
            record,
          });
          return await decode(method, answer, binaryOptions);
        },
      );
    },
    async stream(method) {
      const { refuseStream } = await import("#failures");
      return refuseStream(method, "createGrpcWebTransport of @connectrpc/connect-web");
    },
  };
}

function requestHeader(init: HeadersInit | undefined, timeoutMs: number | undefined): Headers {
  const header = readHeaders(init);
  header.set("content-type", "application/grpc-web+proto");
  header.set("x-grpc-web", "1");
  if (timeoutMs !== undefined && !isBrowser) {
    header.set("grpc-timeout", timeoutHeader(timeoutMs));
  }
  return header;
}

/** Decodes a successful response. Throws the error of any other response. */
async function decode<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  { status, headers, body }: RestResponse,
  binaryOptions: BinaryOptions | undefined,
): Promise<UnaryResponse<I, O>> {
  const frames = decodeFrames(body) ?? [];
  const last = frames.find(({ flags }) => flags === trailersFlag);
  const trailer = last && parseTrailer(last.data);
  const [first] = frames;
  if (
    frames.length !== 2 ||
    first?.flags !== 0 ||
    trailer?.get("grpc-status") !== "0" ||
    trailer.has("grpc-status-details-bin") ||
    !/^(?:application\/grpc-web(?:\+proto)?(?:;|$)|$)/i.test(headers.get("content-type") ?? "")
  ) {
    const { grpcFailure } = await import("#failures");
    throw grpcFailure({ wire: "grpc-web", status, header: headers, trailer, body });
  }
  try {
    const message = parse(method.output, first.data, binaryOptions);
    return { stream: false, service: method.parent, method, header: headers, trailer, message };
  } catch (error) {
    const { unreadable } = await import("#failures");
    throw unreadable(error, "grpc-web", status);
  }
}
