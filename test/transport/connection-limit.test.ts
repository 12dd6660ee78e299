import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient } from "zitadel-idp";
import { failureOf } from "../support/failure.js";

/** Waits until the condition holds: a busy machine may take a while. */
const soon = { interval: 1, timeout: 20_000 };

/** A server that counts its connections, and responds when the test lets it. */
async function startServer() {
  const sockets = new Set<Socket>();
  const waiting: ServerResponse[] = [];
  let most = 0;
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume();
    waiting.push(response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    get mostConnections() {
      return most;
    },
    get requests() {
      return requests;
    },
    answerAll() {
      for (const response of waiting.splice(0)) {
        response.writeHead(200, { "content-type": "application/json" }).end('{"details":{}}');
      }
    },
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const clients: IdpClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function connect(baseUrl: string, options = {}): IdpClient {
  const client = createIdpClient({ baseUrl, protocol: "json", ...options });
  clients.push(client);
  return client;
}

describe("calls beyond a client's connection limit", () => {
  test("are queued, and all get a response", async () => {
    await using server = await startServer();
    const { management } = connect(server.url, { limits: { maxConnections: 3 } });
    const calls = Array.from({ length: 50 }, () => management.listProviders({}));
    let isOver = false;
    const all = Promise.all(calls).finally(() => (isOver = true));
    await expect
      .poll(() => {
        server.answerAll();
        return isOver;
      }, soon)
      .toBe(true);
    await all;
    expect(server.requests).toBe(50);
    expect(server.mostConnections).toBeLessThanOrEqual(3);
  });

  test.each(["deadline", "signal"])(
    "have the outcome not_done if their %s ends them first",
    async (by) => {
      await using server = await startServer();
      const { management } = connect(server.url, { limits: { maxConnections: 2 } });
      const first = [1, 2].map(() => management.listProviders({}));
      await expect.poll(() => server.requests, soon).toBe(2);
      const controller = new AbortController();
      const limits = by === "deadline" ? { timeoutMs: 20 } : { signal: controller.signal };
      const waiting = [1, 2, 3].map(() =>
        failureOf(management.addGoogleProvider({ clientId: "c" }, limits)),
      );
      if (by === "signal") {
        controller.abort();
      }
      const code = by === "deadline" ? Code.DeadlineExceeded : Code.Canceled;
      for (const error of await Promise.all(waiting)) {
        expect(error).toMatchObject({ code, outcome: "not_done" });
      }
      server.answerAll();
      await Promise.all(first);
      // Calls that ended took no turn.
      const last = management.listProviders({});
      await expect.poll(() => server.requests, soon).toBe(3);
      server.answerAll();
      await last;
      expect(server.requests).toBe(3);
    },
  );

  test("open no further connections when these fail", async () => {
    const server = createServer();
    let most = 0;
    let open = 0;
    server.on("connection", (socket) => {
      most = Math.max(most, ++open);
      socket.on("close", () => open--).on("error", () => undefined);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    const { management } = connect(url, { limits: { maxConnections: 4 }, retry: false });
    const calls = Array.from({ length: 100 }, () => failureOf(management.listProviders({})));
    for (const error of await Promise.all(calls)) {
      expect(error.code).toBe(Code.Unavailable);
    }
    expect(most).toBeLessThanOrEqual(8);
    await new Promise((resolve) => server.close(resolve));
  });
});

test.each(["json", "grpc-web"] as const)(
  "a burst of calls over %s stays within 256 connections",
  async (protocol) => {
    await using server = await startServer();
    const { management } = connect(server.url, { protocol, retry: false });
    let ended = 0;
    // The server's response is not gRPC-web, which does not matter here.
    const calls = Array.from({ length: 400 }, () =>
      management
        .listProviders({})
        .catch(() => undefined)
        .finally(() => ended++),
    );
    await expect.poll(() => server.requests, soon).toBe(256);
    const answerMore = (): boolean => {
      server.answerAll();
      return ended === calls.length;
    };
    await expect.poll(answerMore, soon).toBe(true);
    expect(server.mostConnections).toBe(256);
  },
);
