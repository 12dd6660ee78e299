import { type ClientHttp2Session, connect } from "node:http2";
import { createFileRegistry, create, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { servedMethods } from "../../src/emulator/methods.js";
import { sortByImports } from "../support/sort-by-imports.js";

let emulator: Emulator;
let session: ClientHttp2Session;
beforeAll(async () => {
  emulator = createEmulator();
  const { port } = await emulator.listen();
  session = connect(`http://localhost:${port}`);
});
afterAll(async () => {
  session.close();
  await emulator.close();
});

/** An open call: each request is sent after the response to the previous one. */
class Reflection {
  readonly #stream;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #trailers: Promise<unknown>;

  constructor(version: string) {
    this.#stream = session.request({
      ":method": "POST",
      ":path": `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      "content-type": "application/grpc",
      te: "trailers",
    });
    this.#chunks = this.#stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#trailers = new Promise((resolve) => this.#stream.once("trailers", resolve));
  }

  async ask(field: number, value: string): Promise<Map<number, Uint8Array>> {
    const question = new BinaryWriter().uint32((field << 3) | 2).string(value);
    this.send(question.finish());
    let answer = Buffer.alloc(0);
    while (answer.length < 5 || answer.length < 5 + answer.readUInt32BE(1)) {
      const { value: chunk, done } = await this.#chunks.next();
      if (done) {
        throw new Error("the stream ended before the answer did");
      }
      answer = Buffer.concat([answer, chunk]);
    }
    const fields = new Map<number, Uint8Array>();
    for (const [number, bytes] of readFields(answer.subarray(5))) {
      fields.set(number, bytes);
    }
    return fields;
  }

  send(message: Uint8Array): void {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    this.#stream.write(Buffer.concat([head, message]));
  }

  async end(): Promise<unknown> {
    this.#stream.end();
    this.#stream.resume();
    return this.#trailers;
  }
}

function* readFields(bytes: Uint8Array): Generator<[number, Uint8Array]> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    yield [field, type === WireType.Varint ? Uint8Array.of(reader.int32()) : reader.bytes()];
  }
}

function readFiles(answer: Map<number, Uint8Array>): FileDescriptorProto[] {
  return [...readFields(answer.get(4) ?? new Uint8Array())].map(([, bytes]) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
}

const [byFilename, bySymbol, listServices] = [3, 4, 7];

describe.each(["v1", "v1alpha"])("reflection %s", (version) => {
  test("lists the services, and describes each completely", async () => {
    const reflection = new Reflection(version);
    const list = await reflection.ask(listServices, "");
    const names = [...readFields(list.get(6) ?? new Uint8Array())].map(([, service]) =>
      new TextDecoder().decode([...readFields(service)][0]?.[1]),
    );
    expect(names).toEqual(["grpc.health.v1.Health", ...[...servedMethods.keys()].toSorted()]);

    const files = new Map<string, FileDescriptorProto>();
    for (const symbol of [...names, "zitadel.v1.ErrorDetail"]) {
      for (const file of readFiles(await reflection.ask(bySymbol, symbol))) {
        files.set(file.name, file);
      }
    }
    const registry = createFileRegistry(
      create(FileDescriptorSetSchema, { file: sortByImports([...files.values()]) }),
    );
    const described = names.map((name) => registry.getService(name)?.methods.length);
    const served = [...servedMethods].toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(described).toEqual([3, ...served.map(([, byName]) => byName.size)]);
    expect([...files.keys()].filter((name) => name.includes("operators"))).toEqual([]);
    expect(registry.getMessage("zitadel.v1.ErrorDetail")?.fields.length).toBeGreaterThan(0);
    expect(await reflection.end()).toMatchObject({ "grpc-status": "0" });
  });

  test.each([
    ["a file", byFilename, "google/protobuf/timestamp.proto", undefined],
    ["an RPC", bySymbol, "zitadel.admin.v1.AdminService.GetLoginPolicy", undefined],
    ["an unknown file", byFilename, "nope.proto", 5],
    ["an unknown symbol", bySymbol, "nope.Nope", 5],
    ["a field", bySymbol, "zitadel.idp.v1.Options.is_auto_update", undefined],
    ["an enum value", bySymbol, "grpc.health.v1.HealthCheckResponse.SERVING", undefined],
  ])("answers a request for %s", async (_, field, value, code) => {
    const reflection = new Reflection(version);
    const answer = await reflection.ask(field, value);
    const [error] = [...readFields(answer.get(7) ?? new Uint8Array())];
    expect([error?.[1][0], readFiles(answer).length > 0]).toEqual([code, code === undefined]);
    await reflection.end();
  });
});

test.each([
  ["invalid protobuf", Uint8Array.of(0xff), "3"],
  ["no question", new Uint8Array(), "3"],
  ["a name of 5 KiB", new BinaryWriter().uint32(34).string("n".repeat(5000)).finish(), "8"],
])("reflection rejects %s", async (_, message, status) => {
  const reflection = new Reflection("v1");
  reflection.send(message);
  expect(await reflection.end()).toMatchObject({ "grpc-status": status });
});
