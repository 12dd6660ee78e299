import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient } from "zitadel-idp";
import { failureOf } from "../support/failure.js";
import { listenOnLoopback, type RunningServer } from "../support/listen-on-loopback.js";
import { wireNames } from "../support/wires.js";

const list = "zitadel.management.v1.ListProvidersResponse";

/** The next response of the server. */
let answer = "";
let requests = 0;
let url = "";
const server = createServer((request, response) => {
  requests++;
  request.resume();
  response.writeHead(200, { "content-type": "application/json" }).end(answer);
});
let running: RunningServer;
let client: IdpClient;
beforeAll(async () => {
  running = await listenOnLoopback(server);
  ({ url } = running);
  client = createIdpClient({ baseUrl: url, protocol: "json", auth: "s3cret-token" });
});
afterAll(() => running.close());

/** JSON with status 200 that is not ZITADEL's, and its description. */
const foreign: [json: object, says: string][] = [
  [{ error: "blocked by policy" }, 'it has error and says "blocked by policy"'],
  [{ error: { message: "denied" } }, 'it has error and says "denied"'],
  [{ code: 7, message: "denied" }, 'it has code, message and says "denied"'],
  [{ code: 7, message: "denied", details: [] }, "it has code, message, details"],
  [{ status: "ok" }, "it has status"],
  [{ error: "blocked", details: { policy: "corp", rule: 7 } }, "it has error, details"],
  [{ error: "blocked", details: "by policy" }, "it has error, details"],
  [{ error: "a\nb\u001b[31m" }, 'says "a b [31m"'],
  [{ error: "s3cret-token is blocked" }, "[redacted] is blocked"],
  [{ "<b>": 1 }, `is not a ${list}`],
];

describe("JSON of another program", () => {
  test.each(foreign)("%j is not an empty list", async (json, says) => {
    answer = JSON.stringify(json);
    requests = 0;
    const error = await failureOf(client.management.listProviders({}));
    expect(error).toMatchObject({
      code: Code.Unknown,
      outcome: "not_done",
      reason: "foreign",
      httpStatus: 200,
      attempts: 1,
    });
    expect(error.message).toContain(`the server answered HTTP 200 with JSON that is not a ${list}`);
    expect(error.message).toContain(says);
    expect(error.hint).toContain("another program answered instead of ZITADEL's API");
    expect(requests).toBe(1);
  });

  test.each(foreign)("%j is not the response of an update or a deletion", async (json) => {
    answer = JSON.stringify(json);
    for (const call of [
      () => client.management.deleteProvider({ id: "1" }),
      () => client.management.updateGoogleProvider({ id: "1", clientId: "c" }),
      () => client.admin.addIDPToLoginPolicy({ idpId: "1" }),
    ]) {
      expect(await failureOf(call())).toMatchObject({ code: Code.Unknown, outcome: "unknown" });
    }
  });

  test.each([
    "{}",
    '{"details":{}}',
    '{"details":null}',
    '{"result":[]}',
    '{"details":{"totalResult":"0"},"newMember":{"a":1}}',
    '{"newMember":1,"details":{"totalResult":"0","another":true}}',
    '{"result":[{"newMember":1,"id":"1"}]}',
    '{"result":[{}]}',
  ])("%s is a list of ZITADEL's", async (json) => {
    answer = json;
    await expect(client.management.listProviders({})).resolves.toHaveProperty("result");
  });

  test("an empty object is the response of an update and of a deletion", async () => {
    answer = "{}";
    await client.management.deleteProvider({ id: "1" });
    await client.management.updateGoogleProvider({ id: "1", clientId: "c" });
  });
});

describe.each(wireNames)("over %s", (protocol) => {
  test("an Add whose response has no id has the outcome unknown", async () => {
    await using unhelpful = await startEmpty(protocol === "grpc");
    await using over = createIdpClient({ baseUrl: unhelpful.url, protocol });
    for (const call of [
      () => over.management.addGoogleProvider({ clientId: "c" }),
      () => over.admin.addGenericOIDCProvider({ clientId: "c" }),
      () => over.management.addOrgOIDCIDP({ name: "n" }),
      () => over.admin.addJWTIDP({ name: "n" }, { timeoutMs: 10_000 }),
    ]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({
        code: Code.Unknown,
        outcome: "unknown",
        reason: "answer",
        attempts: 1,
      });
      expect(error.message).toContain("the response has no id");
      expect(error.hint).toContain("resolveCreate");
    }
    // Responses of these RPCs have no id.
    await over.management.addIDPToLoginPolicy({ idpId: "1" });
    await over.management.addCustomLoginPolicy({});
    await over.management.deleteProvider({ id: "1" });
  });
});

/** A server that sends a success with an empty message for every call on every protocol. */
async function startEmpty(speaksHttp2: boolean): Promise<RunningServer> {
  const http1 = createServer((request, response) => {
    request.resume();
    const isGrpcWeb = request.headers["content-type"]?.startsWith("application/grpc-web");
    const trailer = encodeEnvelope(0x80, new TextEncoder().encode("grpc-status: 0\r\n"));
    response
      .writeHead(200, {
        "content-type": isGrpcWeb ? "application/grpc-web+proto" : "application/json",
      })
      .end(isGrpcWeb ? Buffer.concat([encodeEnvelope(0, new Uint8Array()), trailer]) : "{}");
  });
  const http2 = createHttp2Server().on("stream", (stream) => {
    stream.resume();
    stream.respond(
      { ":status": 200, "content-type": "application/grpc+proto" },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(encodeEnvelope(0, new Uint8Array()));
  });
  return await listenOnLoopback(speaksHttp2 ? http2 : http1);
}
