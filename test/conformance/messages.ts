import { readFileSync } from "node:fs";
import {
  create,
  createFileRegistry,
  type DescMethodUnary,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { type Any, anyUnpack, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

// The messages of connectrpc/conformance/v1 that unary calls need. Their schemas are read from the suite at run time, so that no
// generated code is stored here.

export interface CompatRequest {
  testName: string;
  protocol: number;
  compression: number;
  host: string;
  port: number;
  /** In PEM; empty without TLS. */
  serverTlsCert: Uint8Array;
  /** The code; 0 for none. */
  messageReceiveLimit: number;
  service?: string;
  method?: string;
  requestHeaders: Header[];
  requestMessages: Any[];
  timeoutMs?: number;
  requestDelayMs: number;
  cancel?: {
    cancelTiming:
      | { case: "afterCloseSendMs" | "afterNumResponses"; value: number }
      | { case: "beforeCloseSend"; value: Message }
      | { case: undefined };
  };
}

export interface CompatResponse {
  testName: string;
  result:
    | { case: "response"; value: ResponseResult }
    // The error of an attempt that could not be made, in contrast to that of a failed call.
    | { case: "error"; value: { message: string } };
}

export interface ResponseResult {
  responseHeaders?: Header[];
  payloads?: unknown[];
  error?: { code: number; message: string; details: Pick<Any, "typeUrl" | "value">[] };
  responseTrailers?: Header[];
}

export interface Header {
  name: string;
  value: string[];
}

export const Protocol = { grpc: 2, grpcWeb: 3 } as const;
export const Compression = { identity: 1, gzip: 2 } as const;

export interface Schemas {
  decode(request: Uint8Array): CompatRequest;
  encode(response: CompatResponse): Uint8Array;
  unpack(any: Any): Message | undefined;
  /** A unary method of the suite's service. */
  method(service: string, name: string): DescMethodUnary | undefined;
}

/** Reads the schemas from the output file of `buf build`. */
export function loadSchemas(file: string): Schemas {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(file)));
  const message = (name: string) => {
    const schema = registry.getMessage(`connectrpc.conformance.v1.${name}`);
    if (schema === undefined) {
      throw new Error(`${file} has no ${name}`);
    }
    return schema;
  };
  const request = message("ClientCompatRequest");
  const response = message("ClientCompatResponse");
  return {
    decode: (bytes) => fromBinary(request, bytes) as unknown as CompatRequest,
    encode: ({ testName, result }) => toBinary(response, create(response, { testName, result })),
    unpack: (any) => anyUnpack(any, registry),
    method(service, name) {
      return registry
        .getService(service)
        ?.methods.find(
          (method): method is DescMethodUnary =>
            method.methodKind === "unary" && method.name === name,
        );
    },
  };
}
