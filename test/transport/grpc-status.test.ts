import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack, AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createIdpClient, type ZitadelError } from "zitadel-idp";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { encodeFrame } from "../../src/transport/frames.js";
import { startFixedServer } from "../support/wrong-servers.js";
import { failureOf } from "../support/failure.js";

/** The places in which a status is sent. */
const ways = ["gRPC trailers", "gRPC headers", "gRPC-web headers", "gRPC-web trailers"] as const;

async function call(
  way: (typeof ways)[number],
  fields: Record<string, string>,
  message = "",
): Promise<ZitadelError> {
  const [wire, place] = way.split(" ");
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const frame = encodeFrame({ flags: 0x80, data: Buffer.from(lines.join(""), "latin1") });
  const inTrailers = place === "trailers";
  const protocol = wire === "gRPC" ? "grpc" : "grpc-web";
  const server = await startFixedServer(protocol, {
    status: 200,
    headers: { "content-type": `application/${protocol}+proto`, ...(!inTrailers && fields) },
    body: Buffer.concat([
      Buffer.from(message, "latin1"),
      wire === "gRPC-web" && inTrailers ? frame : Buffer.alloc(0),
    ]),
    ...(wire === "gRPC" && inTrailers && { trailers: fields }),
  });
  try {
    const baseUrl = `http://localhost:${server.port}`;
    await using client = createIdpClient({ baseUrl, protocol, retry: false });
    return await failureOf(client.management.addGoogleProvider({ clientId: "x" }));
  } finally {
    await server.close();
  }
}

/** google.rpc.Status, which has no generated code here: code 5, text "gone", and a detail of ZITADEL. */
function details(): string {
  const any = toBinary(
    AnySchema,
    anyPack(ErrorDetailSchema, create(ErrorDetailSchema, { id: "ORG-Se3tg", message: "gone" })),
  );
  const bytes = [8, 5, 18, 4, ...Buffer.from("gone"), 26, any.byteLength, ...any];
  return Buffer.from(bytes).toString("base64");
}

describe.each(ways)("over %s", (way) => {
  test.each<[what: string, encoded: string, text: string]>([
    ["a lone %", "100 % sure", "100 % sure"],
    ["a % at the end", "at 100%", "at 100%"],
    ["a % with one digit", "%4", "%4"],
    ["a % with other letters", "%zz%C3%A9", "%zzé"],
    ["bytes that are not UTF-8", "a%FFb", "a\ufffdb"],
    ["half a character", "%E4%B8", "\ufffd"],
    ["small letters", "%e4%b8%96", "世"],
    ["UTF-8 without encoding", Buffer.from("ü").toString("latin1"), "ü"],
    ["nothing at all", "", ""],
  ])("a grpc-message with %s keeps the status", async (_, encoded, text) => {
    const error = await call(way, { "grpc-status": "5", "grpc-message": encoded });
    expect(error).toMatchObject({ code: Code.NotFound, rawMessage: text, outcome: "not_done" });
  });

  test.each<[what: string, status: string, code: Code, text: RegExp]>([
    ["in two digits", "05", Code.NotFound, /^gone$/],
    ["that is repeated", "5, 5", Code.NotFound, /^gone$/],
    [
      "above the last code",
      "17",
      Code.Unknown,
      /grpc-status that gRPC does not define \(17\): gone$/,
    ],
    ["below the first code", "-1", Code.Unknown, /does not define \(-1\): gone$/],
    ["that is not a number", "secret-text", Code.Unknown, /does not define: gone$/],
    ["that is two", "5, 7", Code.Unknown, /does not define: gone$/],
    ["that is empty", "", Code.Unknown, /does not define: gone$/],
  ])("a status %s is %s", async (_, status, code, text) => {
    const error = await call(way, { "grpc-status": status, "grpc-message": "gone" });
    expect(error.code).toBe(code);
    expect(error.rawMessage).toMatch(text);
    // An undefined status says nothing about a write.
    expect(error.outcome).toBe(code === Code.Unknown ? "unknown" : "not_done");
  });

  test.each<[what: string, bin: string]>([
    ["that are not base64", "!!!"],
    ["that are cut off", details().slice(0, 21)],
    ["that are not protobuf", Buffer.from("gone with the wind").toString("base64")],
    ["that are empty", ""],
    ["that say success", Buffer.from([8, 0]).toString("base64")],
  ])("details %s keep the status, and the id in the text", async (_, bin) => {
    const error = await call(way, {
      "grpc-status": "5",
      "grpc-message": "gone (ORG-Se3tg)",
      "grpc-status-details-bin": bin,
    });
    expect(error).toMatchObject({
      code: Code.NotFound,
      id: "ORG-Se3tg",
      rawMessage: "gone (ORG-Se3tg)",
      zitadelDetails: [],
      outcome: "not_done",
    });
  });

  test.each(["5", "7"])("intact details are read in spite of the status %s", async (status) => {
    const error = await call(way, {
      "grpc-status": status,
      "grpc-status-details-bin": details().replace(/=+$/, ""),
    });
    expect(error).toMatchObject({ code: Number(status), id: "ORG-Se3tg", rawMessage: "gone" });
  });
});

describe("over gRPC-web trailers", () => {
  const way = "gRPC-web trailers";

  test.each<[what: string, encoded: string, text: string]>([
    ["NUL", "a\0b", "a b"],
    ["a line end in the middle", "a\rb", "a b"],
  ])("a grpc-message with %s keeps the status", async (_, encoded, text) => {
    const error = await call(way, { "grpc-status": "5", "grpc-message": encoded });
    expect(error).toMatchObject({ code: Code.NotFound, rawMessage: text });
  });

  test("a line that is not a trailer keeps the status", async () => {
    const error = await call(way, { "no name": "x", "": "y", "grpc-status": "5" });
    expect(error.code).toBe(Code.NotFound);
  });

  test("a damaged message keeps the status", async () => {
    const error = await call(way, { "grpc-status": "5" }, "\0\0\0\0\x01\b");
    expect(error.code).toBe(Code.NotFound);
  });
});

test.each([503, 404])(
  "a gRPC status with HTTP %s takes precedence, over each protocol",
  async (status) => {
    for (const protocol of ["grpc", "grpc-web"] as const) {
      const server = await startFixedServer(protocol, {
        status,
        headers: {
          "content-type": `application/${protocol}`,
          "grpc-status": "7",
          "grpc-message": "RBAC: 100% denied",
        },
      });
      const baseUrl = `http://localhost:${server.port}`;
      await using client = createIdpClient({ baseUrl, protocol, retry: false });
      const error = await failureOf(client.management.listProviders({}));
      expect(error).toMatchObject({ code: Code.PermissionDenied, rawMessage: "RBAC: 100% denied" });
      await server.close();
    }
  },
);
