import type { DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus, errorToJsonBytes } from "@connectrpc/connect/protocol-connect";
import { quoteGoText } from "../gateway/protojson/quote-go.js";
import { createAllowOriginHeaders, createExposeHeaders, restExposedHeaders } from "./cors.js";
import type { CallHandler } from "./decoded-call.js";
import { gunzip, gzip } from "./grpc-frame.js";
import {
  findFirstHeader,
  type HeaderField,
  type HeaderList,
  maxBodyBytes,
  type WireRequest,
  type WireResponse,
} from "./http-message.js";
import type { MessageCodec } from "./v2-codecs.js";
import { createV2SuccessHeaders } from "./v2-service.js";
import { readRequestedOrigin } from "./requested-host.js";

/**
 * Serves a unary call by the Connect protocol, as connect-go does. An error has a request id only if the request was decoded before.
 */
export async function serveConnect(
  request: WireRequest,
  { method, codec }: { readonly method: DescMethodUnary; readonly codec: MessageCodec },
  handleCall: CallHandler,
  requestId: string,
): Promise<WireResponse> {
  const headers: HeaderField[] = [
    ["vary", "Origin"],
    ["accept-encoding", "gzip"],
    ...createAllowOriginHeaders(request),
    ...createExposeHeaders(request, restExposedHeaders),
  ];
  const errorHeaders: HeaderField[] = [["content-type", "application/json"]];
  try {
    checkProtocolVersion(request.headers);
    const timeoutMs = readTimeout(request.headers);
    const message = codec.decode(method.input, await decompressBody(request));
    errorHeaders.push(["x-request-id", requestId]);
    const response = await handleCall({
      method,
      message,
      metadata: request.headers,
      authority: request.authority,
      origin: readRequestedOrigin(request),
      timeoutMs,
    });
    const bytes = codec.encode(method.output, response);
    const isCompressed = acceptsGzip(request.headers);
    return {
      status: 200,
      headers: [
        ...headers,
        ["content-type", findFirstHeader(request.headers, "content-type") ?? ""],
        ...createV2SuccessHeaders(requestId),
        ...(isCompressed ? ([["content-encoding", "gzip"]] as const) : []),
      ],
      body: isCompressed ? await gzip(bytes) : bytes,
    };
  } catch (reason) {
    const error = ConnectError.from(reason, Code.Internal);
    return {
      status: codeToHttpStatus(error.code),
      headers: [...headers, ...errorHeaders],
      body: new Uint8Array(errorToJsonBytes(error, undefined)),
    };
  }
}

function checkProtocolVersion(headers: HeaderList): void {
  const version = findFirstHeader(headers, "connect-protocol-version") || "1";
  if (version !== "1") {
    throw new ConnectError(
      `connect-protocol-version must be "1": got ${quoteGoText(version)}`,
      Code.InvalidArgument,
    );
  }
}

/** Returns the timeout of a call in milliseconds, or Infinity without a header. */
function readTimeout(headers: HeaderList): number {
  const timeout = findFirstHeader(headers, "connect-timeout-ms");
  if (!timeout) {
    return Number.POSITIVE_INFINITY;
  }
  if (timeout.length > 10) {
    throw createTimeoutHeaderError(`${quoteGoText(timeout)} has >10 digits`);
  }
  if (!/^[+-]?\d+$/.test(timeout)) {
    throw createTimeoutHeaderError(
      `strconv.ParseInt: parsing ${quoteGoText(timeout)}: invalid syntax`,
    );
  }
  return Number(timeout);
}

function createTimeoutHeaderError(reason: string): ConnectError {
  return new ConnectError(`parse timeout: ${reason}`, Code.InvalidArgument);
}

async function decompressBody({ headers, body }: WireRequest): Promise<Uint8Array> {
  const encoding = findFirstHeader(headers, "content-encoding") || "identity";
  switch (encoding) {
    case "identity":
      return body;
    case "gzip":
      return body.length === 0 ? body : await gunzipBody(body);
    default:
      throw new ConnectError(
        `unknown compression ${quoteGoText(encoding)}: supported encodings are gzip`,
        Code.Unimplemented,
      );
  }
}

async function gunzipBody(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    return await gunzip(body, maxBodyBytes);
  } catch (reason) {
    throw reason instanceof ConnectError
      ? reason
      : new ConnectError("get decompressor: gzip: invalid header", Code.InvalidArgument);
  }
}

/** Returns true if the client accepts gzip, whatever weight it gives to it. */
function acceptsGzip(headers: HeaderList): boolean {
  const accepted = findFirstHeader(headers, "accept-encoding") ?? "";
  return accepted.split(",").some((name) => name.trim() === "gzip");
}
