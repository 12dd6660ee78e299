import { Code, createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createGrpcWebTransport as createFetchTransport } from "@connectrpc/connect-web";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { Health, HealthCheckResponse_ServingStatus } from "../../gen/grpc/health/v1/health_pb.js";
import { sendRaw } from "../support/raw-http.js";

let emulator: Emulator;
let baseUrl: string;
let port: number;
beforeAll(async () => {
  emulator = createEmulator();
  ({ url: baseUrl, port } = await emulator.listen());
});
afterAll(() => emulator.close());

const { SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

describe.each<[string, () => Transport]>([
  ["gRPC", () => createGrpcTransport({ baseUrl })],
  ["gRPC-web over HTTP/1.1", () => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" })],
  ["gRPC-web over HTTP/2", () => createGrpcWebTransport({ baseUrl, httpVersion: "2" })],
  [
    "gRPC-web without a network",
    () => createFetchTransport({ baseUrl: emulator.url, fetch: emulator.fetch }),
  ],
])("the health service over %s", (_, createTransport) => {
  const connect = () => createClient(Health, createTransport());

  test("checks and lists the server as a whole without a token", async () => {
    const health = connect();
    expect((await health.check({})).status).toBe(SERVING);
    expect((await health.list({})).statuses).toMatchObject({ "": { status: SERVING } });
  });

  test("reports a service name as unknown", async () => {
    await expect(
      connect().check({ service: "zitadel.admin.v1.AdminService" }),
    ).rejects.toMatchObject({ code: Code.NotFound, rawMessage: "unknown service" });
  });

  test.each([
    ["", SERVING],
    ["nope", SERVICE_UNKNOWN],
  ])('watches "%s" until the client ends the call', async (service, status) => {
    const ended = new AbortController();
    const received: number[] = [];
    const watch = (async () => {
      for await (const message of connect().watch({ service }, { signal: ended.signal })) {
        received.push(message.status);
        ended.abort();
      }
    })();
    await expect(watch).rejects.toMatchObject({ code: Code.Canceled });
    expect(received).toEqual([status]);
  });
});

test.each([
  ["/grpc.health.v1.Health/Nope", "unknown method Nope for service grpc.health.v1.Health"],
  ["/grpc.health.v1.Nope/Check", "unknown service grpc.health.v1.Nope"],
])("%s is not implemented", async (path, message) => {
  const headers = { "content-type": "application/grpc" };
  const { trailers } = await sendRaw(port, { version: 2, method: "POST", path, headers });
  expect(trailers).toMatchObject({ "grpc-status": "12", "grpc-message": message });
});

test.each([
  "/grpc.health.v1.Health/Check",
  "/zitadel.management.v1.ManagementService/GetUserMetadata",
])("the gRPC-web layer answers a preflight of %s", async (path) => {
  const { status, headers } = await sendRaw(port, {
    method: "OPTIONS",
    path,
    headers: {
      origin: "https://app.example.test",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-grpc-web",
    },
  });
  expect([status, headers["access-control-max-age"]]).toEqual([204, "600"]);
});
