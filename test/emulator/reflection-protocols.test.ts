import { PassThrough } from "node:stream";
import {
  create,
  createFileRegistry,
  fromBinary,
  getOption,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { http } from "../../gen/google/api/annotations_pb.js";
import {
  ServerReflection,
  type ServerReflectionRequestSchema,
  type ServerReflectionResponse,
} from "../../gen/grpc/reflection/v1/reflection_pb.js";
import { sendRaw } from "../support/raw-http.js";
import { sortByImports } from "../support/sort-by-imports.js";

type Question = MessageInitShape<typeof ServerReflectionRequestSchema>;

let emulator: Emulator;
let baseUrl: string;
let port: number;
beforeAll(async () => {
  emulator = createEmulator();
  ({ url: baseUrl, port } = await emulator.listen());
});
afterAll(() => emulator.close());

const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
const service = "zitadel.management.v1.ManagementService";
const listServices: Question = { messageRequest: { case: "listServices", value: "*" } };
const describeService: Question = {
  messageRequest: { case: "fileContainingSymbol", value: service },
};
const methodOptions = "google.protobuf.MethodOptions";

describe.each<[string, () => Transport]>([
  ["gRPC", () => createGrpcTransport({ baseUrl })],
  ["gRPC-web", () => createGrpcWebTransport({ baseUrl, httpVersion: "2" })],
  [
    "gRPC with gzip",
    () => createGrpcTransport({ baseUrl, compressMinBytes: 0, sendCompression: compressionGzip }),
  ],
  ["Connect", () => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true })],
  ["Connect with JSON", () => createConnectTransport({ baseUrl, httpVersion: "2" })],
])("reflection over %s", (_, createTransport) => {
  test("answers each request while the stream is open", async () => {
    const questions = new PassThrough({ objectMode: true });
    const answers = createClient(ServerReflection, createTransport()).serverReflectionInfo(
      questions,
    );
    const iterator = answers[Symbol.asyncIterator]();
    questions.write(listServices);
    expect((await iterator.next()).value?.messageResponse).toMatchObject({
      case: "listServicesResponse",
      value: { service: expect.arrayContaining([expect.objectContaining({ name: service })]) },
    });
    questions.write(describeService);
    expect((await iterator.next()).value?.messageResponse.case).toBe("fileDescriptorResponse");
    questions.end();
    expect((await iterator.next()).done).toBe(true);
  });

  test("ends a stream with an error after an empty request", async () => {
    await expect(ask(createTransport(), {})).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: "invalid MessageRequest: <nil>",
    });
  });
});

test("reflected methods have their options, and the extensions are listed", async () => {
  const [schema, numbers, extension] = await ask(
    createGrpcTransport({ baseUrl }),
    describeService,
    { messageRequest: { case: "allExtensionNumbersOfType", value: methodOptions } },
    {
      messageRequest: {
        case: "fileContainingExtension",
        value: { containingType: methodOptions, extensionNumber: 50000 },
      },
    },
  );
  const file = sortByImports(readFiles(schema));
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const method = registry.getService(service)?.method["addGoogleProvider"];
  expect(method && getOption(method, http)).toMatchObject({
    pattern: { case: "post", value: "/idps/google" },
    body: "*",
  });
  expect(numbers?.messageResponse.value).toMatchObject({ extensionNumber: [50000, 72295728] });
  expect(readFiles(extension)[0]?.name).toBe("zitadel/options.proto");
});

test("a stream sends a file again only if a request asks for this file", async () => {
  const answers = await ask(createGrpcTransport({ baseUrl }), describeService, describeService);
  const names = answers.map((answer) => readFiles(answer).map(({ name }) => name));
  expect(names[0]?.length).toBeGreaterThan(5);
  expect(names[1]).toEqual(["zitadel/management.proto"]);
});

test.each([
  ["over HTTP/1.1", { method: "POST", headers: { "content-type": "application/grpc-web" } }, 505],
  ["with GET", { version: 2, method: "GET", headers: {} }, 405],
  ["of another type", { version: 2, method: "POST", headers: { "content-type": "text/x" } }, 415],
] as const)("a reflection request %s is rejected", async (_, request, status) => {
  expect((await sendRaw(port, { ...request, path })).status).toBe(status);
});

async function ask(
  transport: Transport,
  ...questions: Question[]
): Promise<ServerReflectionResponse[]> {
  const stream = new PassThrough({ objectMode: true });
  questions.forEach((question) => stream.write(question));
  stream.end();
  const answers: ServerReflectionResponse[] = [];
  for await (const answer of createClient(ServerReflection, transport).serverReflectionInfo(
    stream,
  )) {
    answers.push(answer);
  }
  return answers;
}

function readFiles(answer: ServerReflectionResponse | undefined): FileDescriptorProto[] {
  const { messageResponse } = answer ?? {};
  return messageResponse?.case === "fileDescriptorResponse"
    ? messageResponse.value.fileDescriptorProto.map((bytes) =>
        fromBinary(FileDescriptorProtoSchema, bytes),
      )
    : [];
}
