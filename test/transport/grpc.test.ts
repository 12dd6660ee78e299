import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";

let http1: Server;
let baseUrl: string;
beforeAll(async () => {
  http1 = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => http1.listen(0, resolve));
  baseUrl = `http://localhost:${(http1.address() as AddressInfo).port}`;
});
afterAll(() => void http1.close());

test("a server without HTTP/2 fails the calls, and does not end the process", async () => {
  // Vitest fails on uncaught errors: connect-node's session has no listener when its error arrives.
  await using client = createIdpClient({
    baseUrl,
    protocol: "grpc",
    retry: { maxAttempts: 3, initialPauseMs: 0 },
  });
  for (let call = 0; call < 5; call++) {
    await expect(client.management.listProviders({})).rejects.toMatchObject({ reason: "http1" });
  }
});
