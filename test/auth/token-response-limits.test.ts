import { describe, expect, test } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { clientCredentials, createTokenSource } from "zitadel-idp/auth";
import { type EndlessServer, startEndlessServer } from "../support/endless-server.js";
import { failureOf } from "../support/failure.js";
import { discovery, discoveryPath, tokenPath } from "./token-server.js";

/** Waits until the condition holds: a busy machine may take a while. */
const soon = { interval: 1, timeout: 20_000 };

const MiB = 1024 * 1024;
const inFlight = 12 * MiB;

/** A server that sends endless responses under one path. */
function startServer(endless: string, more = {}): Promise<EndlessServer> {
  return startEndlessServer({
    headers: { "content-type": "application/json" },
    isFor: (path) => path === endless,
    other: (url) => JSON.stringify(discovery(url).body),
    ...more,
  });
}

function connect(server: EndlessServer, limits = {}) {
  const auth = clientCredentials({ clientId: "ci", clientSecret: "s3cret" });
  return createIdpClient({ baseUrl: server.url, protocol: "json", auth, limits });
}

describe.each([
  ["the discovery document", discoveryPath],
  ["the token endpoint", tokenPath],
])("an endless response of %s", (what, path) => {
  test("is cut off at 1 MiB, and the call is not sent", async () => {
    await using server = await startServer(path);
    const client = connect(server);
    const error = await failureOf(client.management.addGoogleProvider({ clientId: "c" }));
    await server.ended;
    expect(error).toMatchObject({
      code: Code.ResourceExhausted,
      outcome: "not_done",
      attempts: 1,
    });
    expect(error.message).toContain(`the response of ${what}`);
    expect(error.message).toContain(`longer than the limit of ${MiB} bytes`);
    expect(server.sentBytes).toBeLessThan(MiB + inFlight);
  });

  test("is cut off at the client's own limit", async () => {
    await using server = await startServer(path);
    const client = connect(server, { maxTokenResponseBytes: 5000 });
    const error = await failureOf(client.management.listProviders({}));
    expect(error.message).toContain("longer than the limit of 5000 bytes");
  });

  test("whose content-length exceeds the limit is not read", async () => {
    await using server = await startServer(path, {
      headers: { "content-type": "application/json", "content-length": "9000000" },
      start: Buffer.from("{"),
      chunk: new Uint8Array(),
    });
    const error = await failureOf(connect(server).management.listProviders({}));
    await server.ended;
    expect(error.code).toBe(Code.ResourceExhausted);
  });

  test.each(["deadline", "signal"])(
    "is dropped when all calls have ended by their %s",
    async (by) => {
      await using server = await startServer(path, {
        start: Buffer.from("{"),
        chunk: new Uint8Array(),
      });
      const controller = new AbortController();
      const limits = by === "deadline" ? { timeoutMs: 60 } : { signal: controller.signal };
      const client = connect(server);
      const calls = [1, 2].map(() => failureOf(client.management.listProviders({}, limits)));
      if (by === "signal") {
        await expect.poll(() => server.requests, soon).toBeGreaterThan(path === tokenPath ? 1 : 0);
        controller.abort();
      }
      for (const error of await Promise.all(calls)) {
        expect(error).toMatchObject({ outcome: "not_done" });
      }
      await server.ended;
    },
  );
});

test("a supplier's signal aborts soon after its last call ends, unless another call joins", async () => {
  const signals: AbortSignal[] = [];
  let give: (token: string) => void = () => undefined;
  const source = createTokenSource(({ signal }) => {
    signals.push(signal);
    return new Promise((resolve) => (give = resolve));
  });
  const ask = (signal: AbortSignal) => source.token({ baseUrl: "https://acme.test", signal });
  const first = new AbortController();
  const second = ask(first.signal);
  await expect.poll(() => signals.length, soon).toBe(1);
  first.abort();
  await expect(second).rejects.toMatchObject({ code: Code.Canceled });
  const joined = ask(new AbortController().signal);
  give("t");
  expect(await joined).toBe("t");
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);

  const last = new AbortController();
  const alone = ask(last.signal);
  await expect.poll(() => signals.length, soon).toBe(2);
  last.abort();
  await expect(alone).rejects.toMatchObject({ code: Code.Canceled });
  await expect.poll(() => signals[1]?.aborted, soon).toBe(true);
});
