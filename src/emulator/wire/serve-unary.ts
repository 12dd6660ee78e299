import {
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag, encodeEnvelope } from "@connectrpc/connect/protocol";
import { Health } from "../../../gen/grpc/health/v1/health_pb.js";
import type { MaybePromise } from "../maybe-promise.js";
import { servedMethods } from "../methods.js";
import type { CallHandler } from "./decoded-call.js";
import { gzip, readGrpcFrame } from "./grpc-frame.js";
import { isExpiredAtOnce, parseGrpcTimeout } from "./grpc-timeout.js";
import { createStatusTrailers } from "./grpc-trailers.js";
import { findHealthMethod, answerHealthCall } from "./health-service.js";
import {
  findFirstHeader,
  type HeaderField,
  type HeaderList,
  type WireRequest,
} from "./http-message.js";
import { createExpiredDeadlineError } from "./deadline-errors.js";
import { createUnknownMethodError } from "../errors/unknown-method-error.js";
import { describeBinaryMistake } from "./describe-binary-mistake.js";
import { findMethod, splitMethodPath } from "./find-method.js";
import { type MessageCodec, v2Codecs } from "./v2-codecs.js";
import { findV2ContentType } from "./v2-content-types.js";
import { createV2SuccessHeaders, isV2ServicePath, v2ServiceHeaders } from "./v2-service.js";
import { createNoStoreHeaders } from "./no-store-headers.js";
import { readRequestedOrigin } from "./requested-host.js";

/** The response to a call, which gRPC and gRPC-web encode in different ways. */
interface UnaryResponse {
  readonly headers: HeaderList;
  /** The message with its prefix of five bytes. Absent with an error. */
  readonly frame?: Uint8Array<ArrayBuffer>;
  /** The `grpc-status` field and the fields that belong to it. */
  readonly trailers: HeaderList;
  /** True if the call continues after the message, until the client ends it. */
  readonly isOpen?: boolean;
}

/** The function behind a path, and the types of its messages. */
interface MethodHandler {
  readonly input: DescMessage;
  readonly output: DescMessage;
  /** True for a stream. The emulator's only stream, `Health/Watch`, has one message and no end. */
  readonly isStream: boolean;
  readonly handle: (message: Message) => MaybePromise<Message>;
}

/** Carries out a call with one request in gRPC framing, for gRPC and gRPC-web. Errors and their texts are those of grpc-go. */
export async function serveUnary(
  request: WireRequest,
  handleCall: CallHandler,
  requestId: string,
): Promise<UnaryResponse> {
  const isV2 = isV2ServicePath(request.target);
  const headers: HeaderField[] = isV2 ? [...v2ServiceHeaders] : [];
  const errorTrailers: HeaderField[] = [];
  const codec = isV2 ? findV2Codec(request.headers) : grpcGoCodec;
  try {
    const timeoutMs = parseGrpcTimeout(findFirstHeader(request.headers, "grpc-timeout"));
    const handler = findHandler(request, timeoutMs, handleCall);
    const { input, output, isStream: isOpen, handle } = handler;
    if (isExpiredAtOnce(timeoutMs)) {
      throw createExpiredDeadlineError();
    }
    const encoding = findFirstHeader(request.headers, "grpc-encoding") ?? "identity";
    const message = codec.decode(input, await readGrpcFrame(request.body, encoding));
    if (isV2) {
      errorTrailers.push(["x-request-id", requestId]);
    } else {
      headers.push(...createInterceptorHeaders(requestId));
    }
    const bytes = codec.encode(output, await handle(message));
    if (isV2) {
      headers.push(...createV2SuccessHeaders(requestId));
    }
    if (encoding !== "gzip") {
      return { headers, frame: encodeEnvelope(0, bytes), trailers: createStatusTrailers(), isOpen };
    }
    headers.push(["grpc-encoding", "gzip"]);
    const frame = encodeEnvelope(compressedFlag, await gzip(bytes));
    return { headers, frame, trailers: createStatusTrailers(), isOpen };
  } catch (reason) {
    const trailers = createStatusTrailers(ConnectError.from(reason, Code.Internal));
    return { headers, trailers: [...trailers, ...errorTrailers] };
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

/** Finds the health service, which needs no token, or an RPC. Throws the error of grpc-go for any other path. */
function findHandler(
  request: WireRequest,
  timeoutMs: number,
  handleCall: CallHandler,
): MethodHandler {
  const healthMethod = findHealthMethod(request.target);
  if (healthMethod !== undefined) {
    const { input, output, methodKind } = healthMethod;
    return {
      input,
      output,
      isStream: methodKind === "server_streaming",
      handle: (message) => answerHealthCall(healthMethod, message),
    };
  }
  const method = requireMethod(request.target);
  return {
    input: method.input,
    output: method.output,
    isStream: false,
    handle: (message) =>
      handleCall({
        method,
        message,
        metadata: request.headers,
        authority: request.authority,
        origin: readRequestedOrigin(request),
        timeoutMs,
      }),
  };
}

/** Returns the RPC at a path. Throws the error of grpc-go if there is none. */
function requireMethod(target: string): DescMethodUnary {
  const names = splitMethodPath(target);
  if (names === undefined) {
    const [path = ""] = target.replace(/^\//, "").split("?", 1);
    throw new ConnectError(`malformed method name: "/${path}"`, Code.Unimplemented);
  }
  const { serviceName, methodName } = names;
  if (!servedMethods.has(serviceName) && serviceName !== Health.typeName) {
    throw new ConnectError(`unknown service ${serviceName}`, Code.Unimplemented);
  }
  const method = findMethod(target);
  if (method === undefined) {
    throw createUnknownMethodError(serviceName, methodName);
  }
  return method;
}

/** The codec of grpc-go, which decodes protobuf whatever the content type says. */
const grpcGoCodec: MessageCodec = {
  decode(desc, bytes) {
    try {
      return fromBinary(desc, bytes);
    } catch (cause) {
      throw new ConnectError(
        `grpc: error unmarshalling request: ${describeBinaryMistake(cause)}`,
        Code.Internal,
      );
    }
  },
  encode: (desc, message) => new Uint8Array(toBinary(desc, message)),
};

function findV2Codec(headers: HeaderList): MessageCodec {
  return findV2ContentType(findFirstHeader(headers, "content-type"))?.codec ?? v2Codecs.proto;
}
