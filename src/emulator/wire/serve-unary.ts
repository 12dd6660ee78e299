import { type DescMethodUnary, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag, encodeEnvelope } from "@connectrpc/connect/protocol";
import { servedMethods } from "../methods.js";
import type { CallHandler } from "./decoded-call.js";
import { gzip, readGrpcFrame } from "./grpc-frame.js";
import { isExpiredTimeout } from "./grpc-timeout.js";
import { createStatusTrailers } from "./grpc-trailers.js";
import { healthCheckPath, servingResponse } from "./health-check.js";
import {
  firstHeader,
  type HeaderField,
  type HeaderList,
  type WireRequest,
} from "./http-message.js";
import { createNoStoreHeaders } from "./no-store-headers.js";

/** The outcome of a call, which gRPC and gRPC-web encode in different ways. */
interface UnaryResponse {
  readonly headers: HeaderList;
  /** The message with its prefix of five bytes. Absent with an error. */
  readonly frame?: Uint8Array<ArrayBuffer>;
  /** The `grpc-status` field and the fields that belong to it. */
  readonly trailers: HeaderList;
}

/** Carries out a unary call in gRPC framing, for gRPC and gRPC-web. Errors and their texts are those of grpc-go. */
export async function serveUnary(
  request: WireRequest,
  handleCall: CallHandler,
  requestId: string,
): Promise<UnaryResponse> {
  const headers: HeaderField[] = [];
  try {
    if (request.target === healthCheckPath) {
      return {
        headers: createInterceptorHeaders(requestId),
        frame: encodeEnvelope(0, servingResponse),
        trailers: createStatusTrailers(),
      };
    }
    const method = findMethod(request.target);
    if (isExpiredTimeout(firstHeader(request.headers, "grpc-timeout") ?? "1H")) {
      throw new ConnectError("context deadline exceeded", Code.DeadlineExceeded);
    }
    const encoding = firstHeader(request.headers, "grpc-encoding") ?? "identity";
    const message = decodeMessage(method, await readGrpcFrame(request.body, encoding));
    headers.push(...createInterceptorHeaders(requestId));
    const response = await handleCall({
      method,
      message,
      metadata: request.headers,
      authority: request.authority,
    });
    const bytes = new Uint8Array(toBinary(method.output, response));
    if (encoding !== "gzip") {
      return { headers, frame: encodeEnvelope(0, bytes), trailers: createStatusTrailers() };
    }
    headers.push(["grpc-encoding", "gzip"]);
    const frame = encodeEnvelope(compressedFlag, await gzip(bytes));
    return { headers, frame, trailers: createStatusTrailers() };
  } catch (reason) {
    return { headers, trailers: createStatusTrailers(ConnectError.from(reason, Code.Internal)) };
  }
}

/** Creates the headers that the server's interceptors add. A call that fails before the interceptors lacks these headers. */
function createInterceptorHeaders(requestId: string): HeaderField[] {
  const noStore = createNoStoreHeaders();
  return [
    ...noStore,
    ...noStore.map(([name, value]): HeaderField => [`grpc-metadata-${name}`, value]),
    ["x-request-id", requestId],
  ];
}

function findMethod(target: string): DescMethodUnary {
  const [path = ""] = target.replace(/^\//, "").split("?", 1);
  const slash = path.lastIndexOf("/");
  if (slash < 0) {
    throw new ConnectError(`malformed method name: "/${path}"`, Code.Unimplemented);
  }
  const [serviceName, methodName] = [path.slice(0, slash), path.slice(slash + 1)];
  const service = servedMethods.get(serviceName);
  if (service === undefined) {
    throw new ConnectError(`unknown service ${serviceName}`, Code.Unimplemented);
  }
  const method = service.get(methodName);
  if (method === undefined) {
    throw new ConnectError(
      `unknown method ${methodName} for service ${serviceName}`,
      Code.Unimplemented,
    );
  }
  return method;
}

function decodeMessage(method: DescMethodUnary, bytes: Uint8Array): Message {
  try {
    return fromBinary(method.input, bytes);
  } catch (cause) {
    // Only the text decoder throws a TypeError.
    const reason =
      cause instanceof TypeError
        ? "string field contains invalid UTF-8"
        : "proto: cannot parse invalid wire-format data";
    throw new ConnectError(`grpc: error unmarshalling request: ${reason}`, Code.Internal);
  }
}
