import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Server } from "node:net";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { expect, test } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { failureOf } from "../support/failure.js";
import { listenOnLoopback } from "../support/listen-on-loopback.js";

/** A message whose first field is longer than the message. */
const damaged = encodeEnvelope(0, Uint8Array.of(0x0a, 0x05, 0x01));
const trailer = encodeEnvelope(0x80, new TextEncoder().encode("grpc-status: 0\r\n"));

test.each([
  { protocol: "grpc", contentType: "application/grpc" },
  { protocol: "grpc", contentType: "application/grpc+proto" },
  { protocol: "grpc-web", contentType: "application/grpc-web+proto" },
  { protocol: "grpc-web", contentType: undefined },
] as const)(
  "a success over $protocol with content type $contentType and a message that cannot be decoded is a damaged response",
  async ({ protocol, contentType }) => {
    const headers = contentType === undefined ? {} : { "content-type": contentType };
    await using server = await listenOnLoopback(
      protocol === "grpc" ? createGrpcServer(headers) : createGrpcWebServer(headers),
    );
    await using client = createIdpClient({ baseUrl: server.url, protocol });
    const error = await failureOf(client.management.addGoogleProvider({ clientId: "c" }));
    expect(error).toMatchObject({
      code: Code.Unavailable,
      outcome: "unknown",
      reason: "answer",
      httpStatus: 200,
    });
    expect(error.message).toContain("the response was cut off or damaged");
    expect(error.metadata.get("content-type")).toBe(contentType ?? null);
  },
);

function createGrpcServer(headers: Readonly<Record<string, string>>): Server {
  return createHttp2Server().on("stream", (stream) => {
    stream.resume();
    stream.respond({ ":status": 200, ...headers }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(damaged);
  });
}

function createGrpcWebServer(headers: Readonly<Record<string, string>>): Server {
  return createServer((request, response) => {
    request.resume();
    response.writeHead(200, headers).end(Buffer.concat([damaged, trailer]));
  });
}
