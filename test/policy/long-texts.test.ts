import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { afterEach, describe, expect, test } from "vitest";
import { createIdpClient, type Protocol, ZitadelError } from "zitadel-idp";
import { clientCredentials } from "zitadel-idp/auth";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { discovery, discoveryPath, startTokenServer } from "../auth/token-server.js";
import type { RunningServer } from "../support/listen-on-loopback.js";
import { type FixedResponse, startFixedServer } from "../support/wrong-servers.js";

const secret = "planted-5f3a9c0e7b21";
const limit = 8192;
const cut = /… \[cut: [\d,]+ more characters\]/;
/** The maximum size of an error, however much its server sent. */
const most = 200_000;

let server: RunningServer | undefined;
afterEach(async () => await server?.close());

/** An error of ZITADEL with this text, also in its detail, in the form of each protocol. */
function spoken(protocol: Protocol, message: string): FixedResponse {
  if (protocol === "json") {
    const any = { "@type": "type.googleapis.com/zitadel.v1.ErrorDetail", id: "ORG-1", message };
    return {
      status: 400,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: 9, message, details: [any] }),
    };
  }
  const detail = { desc: ErrorDetailSchema, value: { id: "ORG-1", message } };
  const headers = new Headers();
  setTrailerStatus(
    headers,
    new ConnectError(message, Code.FailedPrecondition, undefined, [detail]),
  );
  // In the form of servers that escape only what they must.
  headers.set("grpc-message", message);
  const trailers = Object.fromEntries(headers);
  if (protocol === "grpc") {
    return { status: 200, headers: { "content-type": "application/grpc" }, trailers };
  }
  const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${value}\r\n`);
  return {
    status: 200,
    headers: { "content-type": "application/grpc-web+proto" },
    body: encodeEnvelope(0x80, Buffer.from(lines.join(""))),
  };
}

async function failureOf(protocol: Protocol, answer: FixedResponse): Promise<ZitadelError> {
  server = await startFixedServer(protocol, answer);
  const baseUrl = `http://localhost:${server.port}`;
  await using zitadel = createIdpClient({ baseUrl, auth: "token", protocol, retry: false });
  const error: unknown = await zitadel.management
    .addGoogleProvider({ clientId: "x", clientSecret: secret })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ZitadelError);
  return error as ZitadelError;
}

/** Returns all texts of an error, as a log without limits writes them. */
function textOf(error: ZitadelError): string {
  const cause = error.cause instanceof Error ? `${error.cause.stack} ${error.cause.message}` : "";
  return [
    error.stack,
    error.message,
    cause,
    JSON.stringify([...error.metadata]),
    JSON.stringify(error.zitadelDetails),
    JSON.stringify(error.details),
  ].join("\n");
}

/** Over gRPC, the response headers may have 64 KB. */
const sizes: readonly (readonly [protocol: Protocol, length: number])[] = [
  ["json", 100_000],
  ["grpc-web", 100_000],
  ["grpc", 12_000],
];

describe.each(sizes)("over %s, an error text of %d characters", (protocol, length) => {
  test(
    "is cut wherever it appears, and the rest of the error is kept",
    { timeout: 10_000 },
    async () => {
      const error = await failureOf(protocol, spoken(protocol, '"'.repeat(length)));
      expect(error.code).toBe(9);
      expect(error.id).toBe("ORG-1");
      expect(error.message).toMatch(cut);
      expect(error.message.length).toBeLessThan(limit + 300);
      const [detail] = error.zitadelDetails;
      expect(detail).toMatchObject({ id: "ORG-1", message: expect.stringMatching(cut) });
      expect(error.stack).toMatch(/\n +at /);
      expect(textOf(error).length).toBeLessThan(most);
    },
  );

  test("does not show a part of a secret at the cut", async () => {
    for (const at of [limit - secret.length + 1, limit - 4]) {
      const text = `${"-".repeat(at)}${secret}${"-".repeat(length - at)}`;
      const error = await failureOf(protocol, spoken(protocol, text));
      await server?.close();
      expect(textOf(error)).not.toMatch(/plan/);
      expect(error.message).toMatch(cut);
    }
  });
});

test.each<Protocol>(["json", "grpc-web", "grpc"])(
  "over %s, the response headers are cut",
  async (protocol) => {
    const headers = { "content-type": "text/plain", "x-long": "x".repeat(12_000) };
    const { metadata } = await failureOf(protocol, { status: 503, headers, body: "" });
    expect(metadata.get("x-long")).toMatch(/^x{8192}\.\.\. \[cut: 3,808 more characters\]$/);
  },
);

test("only some of many trailers are kept", async () => {
  const lines = Array.from({ length: 20_000 }, (_, each) => `x-${each}: ${"y".repeat(40)}\r\n`);
  const body = encodeEnvelope(0x80, Buffer.from(`grpc-status: 9\r\n${lines.join("")}`));
  const headers = { "content-type": "application/grpc-web+proto" };
  const error = await failureOf("grpc-web", { status: 200, headers, body });
  expect([...error.metadata].length).toBeLessThan(1000);
});

test("only some of many details are kept", async () => {
  const detail = { "@type": "type.googleapis.com/zitadel.v1.ErrorDetail", id: "ORG-1" };
  const details = Array.from({ length: 20_000 }, () => detail);
  const error = await failureOf("json", {
    status: 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: 9, message: "x", details }),
  });
  expect(error.details.length).toBeLessThan(1000);
  expect(error.id).toBe("ORG-1");
});

describe("the text of a token endpoint", () => {
  test("is cut, without a part of a secret", async () => {
    const long = `${"-".repeat(295)}${secret}${'"'.repeat(400_000)}`;
    await using tokens = await startTokenServer(({ path }, url) =>
      path === discoveryPath
        ? discovery(url)
        : { status: 400, body: { error: "invalid_client", error_description: long } },
    );
    const auth = clientCredentials({ clientId: "bot", clientSecret: secret });
    await using zitadel = createIdpClient({ baseUrl: tokens.url, auth, protocol: "json" });
    const error: unknown = await zitadel.management.listProviders({}).catch((reason) => reason);
    expect(String(error)).toMatch(/: invalid_client: -{290,}.*… \[cut: [\d,]+ more characters\]/);
    expect(String(error)).not.toMatch(/plan/);
  });

  test("leaves room for the rest of the error text", async () => {
    await using tokens = await startTokenServer((_, url) => {
      const { body, ...rest } = discovery(url);
      return { ...rest, body: { ...(body as object), issuer: `https://${"x".repeat(100_000)}` } };
    });
    const auth = clientCredentials({ clientId: "bot", clientSecret: secret });
    await using zitadel = createIdpClient({ baseUrl: tokens.url, auth, protocol: "json" });
    const error: unknown = await zitadel.management.listProviders({}).catch((reason) => reason);
    expect(String(error)).toMatch(/\[cut: [\d,]+ more characters\]; use that address as/);
  });
});
