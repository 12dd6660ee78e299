import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createEmulator, type Listener } from "zitadel-idp/emulator";
import { createKeyPair } from "../support/rsa-keys.js";
import { launchChromium } from "./chromium.js";
import type { Result, ScenarioName, Setup } from "./page.js";
import { serveRecording, serve, serveUnresponsive, type TestServer } from "./servers.js";

const found = await launchChromium();
const reasons = found.reasons.map((reason) => `  ${reason}`).join("\n");
if (found.browser === undefined) {
  console.warn(
    [
      "*".repeat(80),
      "NOT RUN: all tests in a real browser (test/browser). No browser can be started:",
      reasons,
      "Set CHROMIUM_PATH to a Chromium, Chrome or Edge to run them.",
      "*".repeat(80),
    ].join("\n"),
  );
} else {
  console.info(
    `browser: ${found.name}${reasons && `, because there is none of these:\n${reasons}`}`,
  );
}
const mayBeMissing = !process.env["CI"];
const title =
  found.browser === undefined ? "a page in a browser (no browser found)" : "a page in a browser";

describe.skipIf(found.browser === undefined && mayBeMissing)(title, () => {
  const keys = createKeyPair();
  const emulator = createEmulator({
    seed: {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        {
          id: "2",
          name: "console",
          organization: "1",
          token: "token-of-a-page",
          instanceRoles: ["IAM_OWNER"],
          clientSecret: "client-secret",
          keys: [{ id: "3", publicKey: keys.publicSpki }],
        },
      ],
    },
  });
  let listener: Listener;
  let site: TestServer | undefined;
  let page: Page;
  /** The console errors of the page since the last test. */
  let complaints: string[] = [];

  beforeAll(async () => {
    if (found.browser === undefined) {
      throw new Error(`no browser can be started:\n${reasons}`);
    }
    [listener, site, page] = await Promise.all([
      emulator.listen(),
      serveSite(),
      found.browser.newPage(),
    ]);
    page.on("console", (message) => {
      complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => {
      complaints.push(String(error));
    });
    await page.goto(site.url);
  });

  afterEach(() => {
    const seen = complaints;
    complaints = [];
    expect(seen).toEqual([]);
  });

  afterAll(async () => {
    await Promise.all([found.close(), emulator.close(), site?.[Symbol.asyncDispose]()]);
  });

  const setup = (changes: Partial<Setup> = {}): Setup => ({
    baseUrl: listener.url,
    auth: emulator.token,
    orgId: emulator.orgId,
    protocol: "auto",
    key: JSON.stringify({
      type: "serviceaccount",
      keyId: "3",
      key: keys.privatePkcs1,
      userId: "2",
    }),
    client: { clientId: "console", clientSecret: "client-secret" },
    ...changes,
  });

  async function run<Name extends ScenarioName>(
    name: Name,
    changes?: Partial<Setup>,
  ): Promise<Result<Name>> {
    const result: unknown = await page.evaluate(
      (scenario, given) => globalThis.runScenario(scenario, given),
      name,
      setup(changes),
    );
    return result as Result<Name>;
  }

  /** Removes the errors that a test causes on purpose from the list. */
  async function expectComplaints(...expected: RegExp[]): Promise<void> {
    await vi.waitFor(() => {
      expect(complaints).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    });
    complaints = [];
  }

  test("cannot read the response of another origin without CORS headers", async () => {
    await using other = await serve((_request, response) => response.end("hello"));
    expect(await run("plainFetch", { baseUrl: other.url })).toBe("TypeError: Failed to fetch");
    await expectComplaints(/blocked by CORS policy/, /net::ERR_FAILED/);
  });

  test("uses gRPC-web by default", async () => {
    expect(await run("protocol")).toBe("grpc-web");
  });

  test("rejects gRPC, with the reason and the fix", async () => {
    expect(await run("creationError", { protocol: "grpc" })).toBe(
      'TypeError: option protocol: "grpc" is not available in a browser, which has no HTTP/2 client ' +
        'with trailers; use "grpc-web" or "json", or leave it out',
    );
  });

  test("cannot send grpc-timeout with gRPC-web, because the preflight rejects it", async () => {
    expect(await run("fetchGrpcWeb")).toBe("HTTP 200");
    expect(await run("fetchGrpcWebWithTimeout")).toBe("TypeError: Failed to fetch");
    await expectComplaints(/Response to preflight request doesn't pass/, /net::ERR_FAILED/);
  });

  test("runs the client in a module worker", async () => {
    const inWorker: unknown = await page.evaluate(
      (given) => globalThis.runScenarioInWorker("addListDelete", given),
      setup(),
    );
    expect(inWorker).toEqual(await run("addListDelete"));
    expect(inWorker).toMatchObject({ protocol: "grpc-web", left: 0 });
  });

  describe.each([
    { protocol: "auto", wire: "grpc-web", httpErrors: [] },
    { protocol: "json", wire: "json", httpErrors: [/404 \(Not Found\)/] },
  ] as const)("with the protocol $protocol", ({ protocol, wire, httpErrors }) => {
    test("adds, lists and deletes a provider of the organization", async () => {
      await using recorder = await serveRecording(listener.url);
      expect(await run("addListDelete", { protocol, baseUrl: recorder.url })).toEqual({
        protocol: wire,
        owner: emulator.orgId,
        listed: [{ isTheAddedOne: true, name: "From a browser – Ünïcode", type: "oidc" }],
        left: 0,
      });
      expect(recorder.calls.map(({ headers }) => headers)).toEqual(
        Array.from({ length: 4 }, () =>
          expect.objectContaining({
            authorization: `Bearer ${emulator.token}`,
            "x-zitadel-orgid": emulator.orgId,
          }),
        ),
      );
    });

    test("reports an error with its code, message and id", async () => {
      expect(await run("missingProvider", { protocol })).toEqual({
        isConnectError: true,
        name: "ConnectError",
        code: "NotFound",
        message: "Identity Provider Configuration doesn't exist (QUERY-SAFrt)",
        detailIds: ["QUERY-SAFrt"],
      });
      await expectComplaints(...httpErrors);
    });

    test("gets a response to a call with a deadline", async () => {
      await using recorder = await serveRecording(listener.url);
      expect(await run("listWithTimeout", { protocol, baseUrl: recorder.url })).toBe(0);
      const [call] = recorder.calls;
      // The client alone enforces it: the list of headers for gRPC-web lacks grpc-timeout.
      expect(call).toBeDefined();
      expect(call?.headers["grpc-timeout"]).toBeUndefined();
    });

    test.each(["shortTimeout", "shortTimeoutOfClient"] as const)(
      "reaches the deadline although the server never responds: %s",
      async (scenario) => {
        await using silent = await serveUnresponsive();
        expect(await run(scenario, { protocol, baseUrl: silent.url })).toMatchObject({
          isConnectError: true,
          code: "DeadlineExceeded",
        });
        await silent.called;
        await silent.dropped;
      },
    );

    test("names the header that CORS rejects", async () => {
      expect(await run("refusedHeader", { protocol })).toMatch(/^cors 2 .*traceparent/);
      await expectComplaints(
        /Request header field traceparent is not allowed|doesn't pass access control check/,
        /net::ERR_FAILED/,
        /Request header field traceparent is not allowed|doesn't pass access control check/,
        /net::ERR_FAILED/,
      );
    });

    describe("with telemetry", () => {
      const rpc = "zitadel.management.v1.ManagementService/ListProviders";
      const context = expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string;

      test("has spans, and sends no context to another origin", async () => {
        expect(await run("traced", { protocol })).toEqual({
          spans: [`Attempt ${rpc} OK`, `${rpc} OK`],
          sent: ["none"],
        });
      });

      test("sends the context to the origin of the page", async () => {
        expect(await run("tracedToOwnOrigin", { protocol })).toMatchObject({
          spans: [expect.stringContaining(rpc), expect.stringContaining(rpc)] as string[],
          sent: [context],
          // The server of the page is not ZITADEL, but the browser allows the headers.
          reason: wire === "json" ? "answer" : "missing-trailers",
        });
      });

      test("sends the context to another origin only with an option, and ZITADEL's CORS rules reject it", async () => {
        expect(await run("tracedToOtherOrigin", { protocol })).toMatchObject({
          sent: [context],
          reason: "cors",
        });
        await expectComplaints(
          /Request header field traceparent is not allowed|doesn't pass access control check/,
          /net::ERR_FAILED/,
        );
      });
    });

    test.each(["byKey", "byClientSecret"] as const)("gets its own tokens: %s", async (scenario) => {
      expect(await run(scenario, { protocol })).toBe("0");
    });

    test("does not start a call whose signal is aborted", async () => {
      await using recorder = await serveRecording(listener.url);
      expect(await run("abortedBefore", { protocol, baseUrl: recorder.url })).toMatchObject({
        isConnectError: true,
        code: "Canceled",
      });
      expect(recorder.calls).toEqual([]);
    });

    test("cancels a call when its signal aborts meanwhile", async () => {
      await using silent = await serveUnresponsive();
      const outcome = run("abortedMeanwhile", { protocol, baseUrl: silent.url });
      await silent.called;
      await run("abort");
      expect(await outcome).toMatchObject({ isConnectError: true, code: "Canceled" });
      await silent.dropped;
    });
  });
});

/** Serves the page with its script. */
async function serveSite(): Promise<TestServer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    conditions: ["browser"],
    format: "esm",
  });
  const [script] = outputFiles;
  const html = '<!doctype html><title>test</title><script type="module" src="/page.js"></script>';
  return await serve(({ url }, response) => {
    if (url === "/page.js") {
      response.setHeader("content-type", "text/javascript; charset=utf-8");
      response.end(script?.contents);
    } else if (url === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(html);
    } else {
      response.writeHead(204).end();
    }
  });
}
