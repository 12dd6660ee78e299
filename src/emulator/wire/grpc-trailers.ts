import type { ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag } from "@connectrpc/connect/protocol-grpc-web";
import type { HeaderList } from "./http-message.js";

/** Creates the trailers for a success, or for an error. */
export function createStatusTrailers(error?: ConnectError): HeaderList {
  if (error === undefined) {
    return [["grpc-status", "0"]];
  }
  const status = setTrailerStatus(new Headers(), error);
  status.set("grpc-message", encodeGrpcMessage(error.rawMessage));
  return [...status];
}

/** Encodes trailers as the last frame of a gRPC-web body. */
export function encodeTrailerFrame(trailers: HeaderList): Uint8Array<ArrayBuffer> {
  const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`);
  return encodeEnvelope(trailerFlag, new TextEncoder().encode(lines.join("")));
}

/** Encodes a message as grpc-go does: printable ASCII stays as it is, except the percent sign. */
function encodeGrpcMessage(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x7e]+/g, (run) =>
    [...new TextEncoder().encode(run)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}
