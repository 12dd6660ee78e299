import { gzipSync } from "node:zlib";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClientOptions, type Protocol } from "zitadel-idp";
import { compressionGzip } from "zitadel-idp/transport/grpc";
import { ByteCollector } from "../../src/utils/byte-collector.js";
import {
  type EndlessAnswer,
  type EndlessServer,
  startEndlessServer,
} from "../support/endless-server.js";
import { failureOf } from "../support/failure.js";

const MiB = 1024 * 1024;

/** The part of a body that the kernel and the server may buffer beyond what the client has read. */
const inFlight = 12 * MiB;

interface Wire {
  readonly name: string;
  readonly protocol: Protocol;
  readonly options?: Partial<IdpClientOptions>;
  readonly answer: EndlessAnswer;
}

const grpcHead = Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff);
const json: EndlessAnswer = {
  headers: { "content-type": "application/json" },
  start: Buffer.from('{"result":[],"details":{}'),
};
const grpcWeb: EndlessAnswer = {
  headers: { "content-type": "application/grpc-web+proto" },
  start: grpcHead,
};
const grpc: EndlessAnswer = {
  headers: { "content-type": "application/grpc+proto" },
  start: grpcHead,
  http2: true,
};
const byFetch = { fetch: globalThis.fetch };

const wires: Wire[] = [
  { name: "json", protocol: "json", answer: json },
  { name: "json by fetch", protocol: "json", options: byFetch, answer: json },
  { name: "grpc-web", protocol: "grpc-web", answer: grpcWeb },
  { name: "grpc-web by fetch", protocol: "grpc-web", options: byFetch, answer: grpcWeb },
  { name: "grpc", protocol: "grpc", answer: grpc },
];

function connect(server: EndlessServer, { protocol, options }: Wire, more = {}) {
  return createIdpClient({ baseUrl: server.url, protocol, auth: "t", ...options, ...more });
}

describe.each(wires)("over $name", (wire) => {
  test("an endless response ends a read at the limit, without a retry", async () => {
    await using server = await startEndlessServer(wire.answer);
    const client = connect(server, wire, { limits: { maxResponseBytes: MiB } });
    const error = await failureOf(client.management.listProviders({}));
    await server.ended;
    expect(error).toMatchObject({
      code: Code.ResourceExhausted,
      outcome: "not_done",
      reason: "answer",
      attempts: 1,
    });
    expect(error.message).toContain(`longer than the limit of ${MiB} bytes`);
    expect(error.message).toContain("limits.maxResponseBytes");
    expect(server.requests).toBe(1);
    expect(server.sentBytes).toBeLessThan(MiB + inFlight);
    await client.close();
  });

  test("an Add whose response is too long has the outcome unknown", async () => {
    await using server = await startEndlessServer(wire.answer);
    const client = connect(server, wire, { limits: { maxResponseBytes: 1000 } });
    const error = await failureOf(client.management.addGoogleProvider({ clientId: "c" }));
    expect(error).toMatchObject({ code: Code.ResourceExhausted, outcome: "unknown", attempts: 1 });
    expect(error.hint).toContain("resolveCreate");
    await client.close();
  });

  test("a response with a content-length above the limit is not read", async () => {
    const { headers } = wire.answer;
    await using server = await startEndlessServer({
      ...wire.answer,
      headers: { ...headers, "content-length": String(64 * MiB) },
      chunk: new Uint8Array(),
    });
    const client = connect(server, wire);
    const error = await failureOf(client.management.listProviders({}));
    await server.ended;
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.message).toContain(`${16 * MiB} bytes`);
    await client.close();
  });

  test("a response that arrives slowly ends with the deadline", async () => {
    await using server = await startEndlessServer({ ...wire.answer, chunk: new Uint8Array() });
    const client = connect(server, wire);
    const error = await failureOf(client.management.listProviders({}, { timeoutMs: 1000 }));
    await server.ended;
    expect(error).toMatchObject({ code: Code.DeadlineExceeded, reason: "deadline" });
    await client.close();
  });
});

describe("a small response that decompresses to a large one", () => {
  const bomb = gzipSync(Buffer.alloc(256 * MiB), { level: 9 });

  test("ends at the limit over gRPC", async () => {
    await using server = await startEndlessServer({
      headers: { "content-type": "application/grpc+proto", "grpc-encoding": "gzip" },
      start: encodeEnvelope(1, bomb),
      chunk: new Uint8Array(),
      http2: true,
      trailers: { "grpc-status": "0" },
    });
    const client = createIdpClient({ baseUrl: server.url, protocol: "grpc", auth: "t" });
    const error = await failureOf(client.management.listProviders({}));
    expect(error).toMatchObject({
      code: Code.ResourceExhausted,
      outcome: "not_done",
      attempts: 1,
    });
    await client.close();
  });

  test("ends at the limit by fetch, which decompresses by itself", async () => {
    await using server = await startEndlessServer({
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      start: bomb,
      chunk: new Uint8Array(),
    });
    const client = createIdpClient({ baseUrl: server.url, protocol: "json", ...byFetch });
    const error = await failureOf(client.management.listProviders({}));
    await server.ended;
    expect(error).toMatchObject({ code: Code.ResourceExhausted, outcome: "not_done" });
    await client.close();
  });

  test("is not decompressed beyond its deadline", async () => {
    const controller = new AbortController();
    const inflating = compressionGzip.decompress(bomb, 1024 * MiB, controller.signal);
    controller.abort(new Error("enough"));
    await expect(inflating).rejects.toThrow("enough");
  });
});

test("a body of single bytes takes no more memory than its length", () => {
  const collector = new ByteCollector(MiB);
  let added = 0;
  for (; collector.add(Uint8Array.of(added % 251)); added++);
  expect(added).toBe(MiB);
  const bytes = collector.bytes();
  expect(bytes.length).toBe(MiB);
  expect(bytes.buffer.byteLength).toBe(MiB);
  expect(bytes.every((byte, index) => byte === index % 251)).toBe(true);
});
