import { afterAll, beforeAll, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient, type Protocol } from "zitadel-idp";
import {
  callRecordedError,
  comparableError,
  recordedErrors,
  type RecordedErrorServers,
  recordedMethod,
  startRecordedErrorServers,
} from "../support/recorded-errors.js";

let servers: RecordedErrorServers;
let clients: Record<Protocol, IdpClient>;
beforeAll(async () => {
  servers = await startRecordedErrorServers();
  const connect = (protocol: Protocol, baseUrl: string): IdpClient =>
    createIdpClient({ baseUrl, protocol, retry: false });
  clients = {
    json: connect("json", servers.http1Url),
    "grpc-web": connect("grpc-web", servers.http1Url),
    grpc: connect("grpc", servers.http2Url),
  };
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  await servers[Symbol.asyncDispose]();
});

test("the recording has more than 200 errors, of most codes", () => {
  expect(recordedErrors.length).toBeGreaterThan(200);
});

test.each(recordedErrors.map(({ rpc, name }, index) => ({ rpc, name, index })))(
  "$rpc, $name: the error is the same over each protocol",
  async ({ rpc, index }) => {
    const [json, grpc, grpcWeb] = await Promise.all([
      callRecordedError(clients.json, index),
      callRecordedError(clients.grpc, index),
      callRecordedError(clients["grpc-web"], index),
    ]);
    expect(comparableError(json)).toEqual(comparableError(grpc));
    expect(comparableError(grpcWeb)).toEqual(comparableError(grpc));
    expect([json.protocol, grpc.protocol, grpcWeb.protocol]).toEqual(["json", "grpc", "grpc-web"]);
    const method = recordedMethod(rpc);
    expect(grpc.rpc).toBe(`${method.parent.typeName}/${method.name}`);
    const recorded = JSON.parse(recordedErrors[index]?.json.body ?? "") as {
      code: number;
      message: string;
      details?: { id?: string }[];
    };
    expect(grpc).toMatchObject({ code: recorded.code, rawMessage: recorded.message });
    const id = recorded.details?.[0]?.id;
    if (id !== undefined) {
      expect(grpc.id).toBe(id);
    }
    // Rejections are certain, whatever the RPC.
    if (![Code.Internal, Code.Unknown].includes(recorded.code)) {
      expect(grpc.outcome).toBe("not_done");
    }
  },
);
