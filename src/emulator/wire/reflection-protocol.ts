import { fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { endStreamFlag, endStreamToJson } from "@connectrpc/connect/protocol-connect";
import {
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from "../../../gen/grpc/reflection/v1/reflection_pb.js";
import { createStatusTrailers, encodeTrailerFrame } from "./grpc-trailers.js";
import type { HeaderList } from "./http-message.js";

/** The form of a reflection stream in one wire protocol. The streams of all protocols consist of the same frames. */
export interface ReflectionProtocol {
  /** The header that names the compression of the messages. */
  readonly encodingHeader: "grpc-encoding" | "connect-content-encoding";
  /** The header that names the compressions that the server accepts. */
  readonly acceptEncodingHeader: "grpc-accept-encoding" | "connect-accept-encoding";
  readonly decodeRequest: (bytes: Uint8Array) => ServerReflectionRequest;
  readonly encodeResponse: (response: ServerReflectionResponse) => Uint8Array<ArrayBuffer>;
  /** Encodes the end of a stream: a last frame, or trailers. */
  readonly encodeEnd: (error?: ConnectError) => StreamEnd;
}

/** The end of a stream. */
interface StreamEnd {
  readonly frame?: Uint8Array<ArrayBuffer>;
  readonly trailers?: HeaderList;
}

const binary: Pick<ReflectionProtocol, "decodeRequest" | "encodeResponse"> = {
  decodeRequest: (bytes) => decode(() => fromBinary(ServerReflectionRequestSchema, bytes)),
  encodeResponse: (response) => new Uint8Array(toBinary(ServerReflectionResponseSchema, response)),
};

const json: typeof binary = {
  decodeRequest: (bytes) =>
    decode(() => fromJsonString(ServerReflectionRequestSchema, new TextDecoder().decode(bytes))),
  encodeResponse: (response) =>
    new TextEncoder().encode(toJsonString(ServerReflectionResponseSchema, response)),
};

const grpcHeaders = {
  encodingHeader: "grpc-encoding",
  acceptEncodingHeader: "grpc-accept-encoding",
} as const;

const grpc = {
  ...grpcHeaders,
  encodeEnd: (error?: ConnectError) => ({ trailers: createStatusTrailers(error) }),
};

const grpcWeb = {
  ...grpcHeaders,
  encodeEnd: (error?: ConnectError) => ({
    frame: encodeTrailerFrame(createStatusTrailers(error)),
  }),
};

const connect = {
  encodingHeader: "connect-content-encoding",
  acceptEncodingHeader: "connect-accept-encoding",
  encodeEnd: (error?: ConnectError) => {
    const end = endStreamToJson(new Headers(), error, undefined);
    const bytes = new TextEncoder().encode(JSON.stringify(end));
    return { frame: encodeEnvelope(endStreamFlag, bytes) };
  },
} as const;

/** The protocols of reflection streams, by content type. */
export const reflectionProtocols: Readonly<Record<string, ReflectionProtocol>> = {
  "application/connect+json": { ...connect, ...json },
  "application/connect+proto": { ...connect, ...binary },
  "application/grpc": { ...grpc, ...binary },
  "application/grpc+json": { ...grpc, ...json },
  "application/grpc+proto": { ...grpc, ...binary },
  "application/grpc-web": { ...grpcWeb, ...binary },
  "application/grpc-web+json": { ...grpcWeb, ...json },
  "application/grpc-web+proto": { ...grpcWeb, ...binary },
};

function decode(run: () => ServerReflectionRequest): ServerReflectionRequest {
  try {
    return run();
  } catch (cause) {
    throw new ConnectError(
      "unmarshal message: proto: cannot parse invalid wire-format data",
      Code.InvalidArgument,
      undefined,
      undefined,
      cause,
    );
  }
}
