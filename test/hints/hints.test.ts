import * as http from "node:http";
import * as http2 from "node:http2";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createGrpcTransport as plainGrpc,
  createConnectTransport as plainConnect,
} from "@connectrpc/connect-node";
import { createGrpcWebTransport as plainGrpcWeb } from "@connectrpc/connect-web";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import type { Protocol } from "zitadel-idp";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import type { MisroutingReason } from "../../src/call/misrouting-reason.js";
import { findHint } from "../../src/hints/find-hint.js";
import { AttemptError } from "../../src/call/attempt-error.js";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { createGrpcWebTransport } from "../../src/grpc-web-transport.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { listenOnLoopback, type RunningServer } from "../support/listen-on-loopback.js";
import {
  type FixedResponse,
  startFixedServer,
  startHttp1Server,
  loginPage,
  welcomePage,
  startTlsServer,
  createSelfSigned,
  startBytesServer,
} from "../support/wrong-servers.js";

/** Returns the reason and the text of the hint for a failure. */
function explain(
  failure: Parameters<typeof findHint>[0],
): { reason: string | undefined; hint: string } | undefined {
  const explained = findHint(failure);
  return explained && { reason: explained.reason, hint: String(explained.hint) };
}

type Make = (options: { baseUrl: string }) => Transport;
const ours: Record<Protocol, Make> = {
  json: createJsonTransport,
  grpc: createGrpcTransport,
  "grpc-web": createGrpcWebTransport,
};
/** The transports over the global `fetch`, which has no HTTP/2 to fall back to. */
const fetched: Record<Protocol, Make> = {
  ...ours,
  json: (options) => createJsonTransport({ ...options, fetch: globalThis.fetch }),
  "grpc-web": (options) => createGrpcWebTransport({ ...options, fetch: globalThis.fetch }),
};
/** The error text of Connect alone. Connect has no transport for JSON. */
const plain: Partial<Record<Protocol, Make>> = { grpc: plainGrpc, "grpc-web": plainGrpcWeb };
const wires: Protocol[] = ["json", "grpc", "grpc-web"];
const html = { "content-type": "text/html; charset=utf-8" };

let credentials: { key: string; cert: string };
let emulator: Emulator;
let elsewhere: Emulator;
let listener: Listener;
let elsewhereListener: Listener;
beforeAll(async () => {
  credentials = await createSelfSigned();
  emulator = createEmulator();
  elsewhere = createEmulator({ seed: { instance: { domain: "acme.example" } } });
  listener = await emulator.listen();
  elsewhereListener = await elsewhere.listen();
});
afterAll(async () => {
  await emulator.close();
  await elsewhere.close();
});

async function failureOf(make: Make, baseUrl: string): Promise<ConnectError> {
  try {
    await createClient(ManagementService, make({ baseUrl })).getOrgIDPByID(
      { id: "1" },
      { timeoutMs: 8000 },
    );
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectError);
    return error as ConnectError;
  }
  throw new Error("it went well");
}

interface Expected {
  reason: MisroutingReason | undefined;
  /** The text that the hint must contain. */
  hint?: RegExp;
  /** The error text of Connect's own transport. */
  plain?: RegExp;
}

async function check(
  protocol: Protocol,
  baseUrl: string,
  expected: Expected,
  transports = ours,
): Promise<void> {
  const make = plain[protocol];
  if (make !== undefined && expected.plain !== undefined) {
    expect((await failureOf(make, baseUrl)).message).toMatch(expected.plain);
  }
  const error = await failureOf(transports[protocol], baseUrl);
  const { httpStatus } = AttemptError.factsOf(error);
  const explained = explain({ error, protocol, baseUrl, ...(httpStatus && { httpStatus }) });
  expect(explained?.reason).toBe(expected.reason);
  expect(explained?.hint ?? "").toMatch(expected.hint ?? /^$/);
}

/** The protocol, the reason, the text that the hint must contain, and the error text of Connect alone. */
type Row = [Protocol, MisroutingReason | undefined, hint?: RegExp | undefined, plain?: RegExp];

function cases(
  what: string,
  start: (protocol: Protocol) => Promise<RunningServer>,
  rows: Row[],
  scheme: "http" | "https" = "http",
  transports = ours,
): void {
  describe(what, () => {
    test.each(rows)("over %s is %s", async (protocol, reason, hint, connect) => {
      const server = await start(protocol);
      try {
        await check(
          protocol,
          `${scheme}://localhost:${server.port}`,
          {
            reason,
            ...(hint && { hint }),
            ...(connect && { plain: connect }),
          },
          transports,
        );
      } finally {
        await server.close();
      }
    });
  });
}

function answers(what: string, answer: FixedResponse, rows: Row[]): void {
  cases(what, (protocol) => startFixedServer(protocol, answer), rows);
}

answers("a web page", { status: 200, headers: html, body: welcomePage }, [
  ["json", "html", /serves web pages.*check host, port and path of baseUrl/],
  ["grpc", "html", /serves web pages/, /^\[unknown\] unsupported content type text\/html/],
  [
    "grpc-web",
    "html",
    /serves web pages/,
    /^\[invalid_argument\] protocol error: incomplete envelope$/,
  ],
]);
answers("a web page that says 404", { status: 404, headers: html, body: welcomePage }, [
  ["json", "html", /serves web pages/],
  ["grpc", "html", /serves web pages/, /^\[unimplemented\] HTTP 404$/],
  ["grpc-web", "html", /serves web pages/, /^\[unimplemented\] HTTP 404$/],
]);
answers("a web page that says 502", { status: 502, headers: html, body: welcomePage }, [
  ["json", "html", /check that ZITADEL runs, and that the proxy/],
  ["grpc", "html", /check that ZITADEL runs/, /^\[unavailable\] HTTP 502$/],
  ["grpc-web", "html", /check that ZITADEL runs/, /^\[unavailable\] HTTP 502$/],
]);
answers("a web page that says 403", { status: 403, headers: html, body: welcomePage }, [
  ["json", "html", /configure localhost:\d+ to allow the paths of the API/],
  ["grpc", "html", /configure localhost:\d+ to allow/, /^\[permission_denied\] HTTP 403$/],
  ["grpc-web", "html", /configure localhost:\d+ to allow/, /^\[permission_denied\] HTTP 403$/],
]);
answers("a page to log in", { status: 200, headers: html, body: loginPage }, [
  ["json", "login-page", /requires its own sign-in: exempt the paths of the API/],
  ["grpc", "login-page", /requires its own sign-in/, /unsupported content type/],
  ["grpc-web", "login-page", /requires its own sign-in/, /incomplete envelope/],
]);
answers(
  "a redirect to a login",
  { status: 302, headers: { location: "https://sso.example/x?secret=1" } },
  [
    ["json", "login-page", /requires its own sign-in at sso\.example:/],
    ["grpc", "login-page", /requires its own sign-in at sso\.example:/, /^\[unknown\] HTTP 302$/],
    [
      "grpc-web",
      "login-page",
      /requires its own sign-in at sso\.example:/,
      /^\[unknown\] fetch failed$/,
    ],
  ],
);
answers(
  "a redirect of a host that is called auth",
  { status: 308, headers: { location: "https://auth.acme.example/management/v1/x" } },
  [
    ["json", "redirect", /put https:\/\/auth\.acme\.example into baseUrl$/],
    [
      "grpc",
      "redirect",
      /put https:\/\/auth\.acme\.example into baseUrl$/,
      /^\[unknown\] HTTP 308$/,
    ],
    ["grpc-web", "redirect", /put https:\/\/auth\.acme\.example into baseUrl$/, /fetch failed/],
  ],
);
answers(
  "a redirect on the same host",
  { status: 301, headers: { location: "/management/v1/idps" } },
  [
    ["json", "redirect", /no id in the request is empty, contains a slash, or consists of dots/],
    ["grpc", "redirect", /remove extra slashes from baseUrl/, /HTTP 301/],
    ["grpc-web", "redirect", /remove extra slashes from baseUrl/, /fetch failed/],
  ],
);
answers(
  "a text of another server",
  { status: 404, headers: { "content-type": "text/plain" }, body: "404 page not found" },
  [
    [
      "json",
      "foreign",
      /another server than ZITADEL's API answers at localhost:\d+: check host, port and path/,
    ],
    ["grpc", "foreign", /another server than ZITADEL's API/, /HTTP 404/],
    ["grpc-web", "foreign", /another server than ZITADEL's API/, /HTTP 404/],
  ],
);
answers(
  "JSON of another server",
  { status: 200, headers: { "content-type": "application/json" }, body: "{}" },
  [
    [
      "grpc",
      "foreign",
      /another server than ZITADEL's API/,
      /unsupported content type application\/json/,
    ],
    ["grpc-web", "foreign", /another server than ZITADEL's API/, /incomplete envelope/],
  ],
);
answers(
  "an answer in gRPC",
  { status: 200, headers: { "content-type": "application/grpc" }, body: "" },
  [
    ["grpc-web", "foreign", /supports gRPC only.*use protocol: "grpc"/],
    [
      "grpc",
      "missing-trailers",
      /configure the proxy to use HTTP\/2 on both sides, or use protocol: "grpc-web" or "json"/,
      /^\[internal\] protocol error: missing status$/,
    ],
  ],
);
answers(
  "an answer without its last frame",
  {
    status: 200,
    headers: { "content-type": "application/grpc-web+proto" },
    body: new Uint8Array(5),
  },
  [
    [
      "grpc-web",
      "missing-trailers",
      /a proxy in between cut off.*protocol: "json"/,
      /^\[unknown\] missing trailer$/,
    ],
  ],
);
answers(
  "an answer in gRPC to JSON",
  { status: 200, headers: { "content-type": "application/grpc" }, body: "x" },
  [["json", "foreign", /supports gRPC only.*use protocol: "grpc"/]],
);
for (const status of [400, 415, 426, 464, 505]) {
  answers(`HTTP ${status} of a proxy`, { status }, [
    [
      "grpc",
      "http1",
      /a proxy in between forwards gRPC as HTTP\/1.*grpc_pass/,
      new RegExp(`HTTP ${status}$`),
    ],
    // The others do not mention HTTP/2 to a client without it.
    status === 400 || status === 415
      ? ["json", undefined]
      : ["json", undefined, /requires another version of HTTP than protocol "json" uses/],
  ]);
}

cases(
  "a server of HTTP/1 only",
  () => startHttp1Server({ status: 200, headers: html, body: welcomePage }),
  [
    [
      "grpc",
      "http1",
      /answered in HTTP\/1, and gRPC needs HTTP\/2.*"json"/,
      /^\[internal\] Protocol error$/,
    ],
  ],
);
cases(
  "a server of HTTP/1 and TLS only",
  () => startTlsServer("json", credentials),
  [["grpc", "http1", /gRPC needs HTTP\/2/, /^\[internal\] .*no application protocol/]],
  "https",
);
cases(
  "a server of HTTP/2 only, by `fetch`",
  () => startFixedServer("grpc", { status: 200 }),
  [
    [
      "json",
      "http2",
      /does not support HTTP\/1.*protocol: "grpc", and if it is for TLS, write https:/,
    ],
    ["grpc-web", "http2", /does not support HTTP\/1/, /^\[unknown\] fetch failed$/],
  ],
  "http",
  fetched,
);
cases(
  "a server of HTTP/2 and TLS only, by `fetch`",
  () => startTlsServer("grpc", credentials),
  [
    ["json", "http2", /use protocol: "grpc"$/],
    ["grpc-web", "http2", /use protocol: "grpc"$/, /^\[unknown\] fetch failed$/],
  ],
  "https",
  fetched,
);
cases(
  "TLS to a port without",
  (protocol) => startFixedServer(protocol, { status: 200 }),
  [
    ["json", "tls-on-plain-port", /use http: instead of https: in baseUrl/],
    [
      "grpc",
      "tls-on-plain-port",
      /use http: instead of https: in baseUrl/,
      /^\[internal\] .*wrong version number/,
    ],
    [
      "grpc-web",
      "tls-on-plain-port",
      /use http: instead of https: in baseUrl/,
      /^\[unknown\] fetch failed$/,
    ],
  ],
  "https",
);
cases(
  "a self-signed certificate",
  (protocol) => startTlsServer(protocol, credentials),
  [
    [
      "json",
      "certificate",
      /pass its CA as tls\.ca, or trust it .* in Node\.js with NODE_EXTRA_CA_CERTS=FILE/,
    ],
    ["grpc", "certificate", /NODE_EXTRA_CA_CERTS/, /^\[internal\] self-signed certificate$/],
    ["grpc-web", "certificate", /NODE_EXTRA_CA_CERTS/, /^\[unknown\] fetch failed$/],
  ],
  "https",
);
const refusal = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
cases("plain HTTP to a port for TLS, which says so", () => startBytesServer(refusal), [
  ["json", "plain-on-tls-port", /accepts TLS only: use https: instead of http: in baseUrl/],
  [
    "grpc-web",
    "plain-on-tls-port",
    /use https: instead of http: in baseUrl/,
    /^\[internal\] HTTP 400$/,
  ],
  ["grpc", "http1", /if the port is one for TLS, write https: in baseUrl/, /Protocol error/],
]);
cases(
  "plain HTTP to a port for TLS, which answers in TLS",
  () => startBytesServer(Buffer.from([21, 3, 1, 0, 2, 2, 70])),
  [
    ["json", "http2", /if it is for TLS, write https: in baseUrl/],
    ["grpc-web", "http2", /if it is for TLS, write https: in baseUrl/, /fetch failed/],
  ],
);
// It looks like any broken connection, so only the port number reveals it.
cases("plain HTTP to a port for TLS, which hangs up", () => startTlsServer("json", credentials), [
  ["json", undefined],
  ["grpc", undefined, undefined, /^\[canceled\] http\/2 stream closed with error code CANCEL/],
  ["grpc-web", undefined, undefined, /fetch failed/],
]);

describe("plain HTTP to a well-known TLS port, which closes the connection", () => {
  test.each(wires)("over %s is plain-on-tls-port", async (protocol) => {
    const server = await startTlsServer("json", credentials);
    const error = await failureOf(ours[protocol], `http://localhost:${server.port}`);
    await server.close();
    for (const baseUrl of ["http://acme.example:443", "http://acme.example:8443/"]) {
      expect(explain({ error, protocol, baseUrl })).toEqual({
        reason: "plain-on-tls-port",
        hint: expect.stringContaining("use https: instead of http: in baseUrl") as string,
      });
    }
    expect(explain({ error, protocol, baseUrl: "https://acme.example" })).toBeUndefined();
  });
});

describe("a port without a listener", () => {
  test.each(wires)("over %s is unreachable", async (protocol) => {
    const server = await startHttp1Server({ status: 200 });
    await server.close();
    await check(protocol, `http://localhost:${server.port}`, {
      reason: "unreachable",
      hint: /^nothing listens at localhost:\d+: check that ZITADEL runs/,
    });
  });
});

describe("a host without an address", () => {
  test.each(wires)("over %s is unreachable", async (protocol) => {
    await check(protocol, "http://no-such-host.invalid", {
      reason: "unreachable",
      hint: /^this machine cannot resolve the host name no-such-host\.invalid: check its spelling in baseUrl/,
    });
  });
});

describe("a host name that no instance has", () => {
  test.each(wires)("over %s is unknown-instance, and not a missing provider", async (protocol) => {
    const baseUrl = `http://localhost:${elsewhereListener.port}`;
    await check(protocol, baseUrl, {
      reason: "unknown-instance",
      hint: /^no ZITADEL instance has the host name localhost:\d+ \(no provider is missing\): put acme\.example into baseUrl/,
      plain: /^\[not_found\] unable to set instance using origin/,
    });
  });

  test("that a proxy put in front of the right one names the proxy", async () => {
    const error = await failureOf(ours.json, `http://localhost:${elsewhereListener.port}`);
    const { hint } = explain({ error, baseUrl: "https://acme.example" }) ?? {};
    expect(hint).toMatch(
      /the request was sent to acme\.example, so configure the proxy in between to keep the Host header$/,
    );
  });
});

describe("a path without the API", () => {
  test.each<[Protocol, RegExp?]>([
    ["json"],
    ["grpc", /^\[unimplemented\] unknown service foo\/zitadel\.management/],
    ["grpc-web", /^\[unimplemented\] unknown service foo\/zitadel\.management/],
  ])("over %s is path", async (protocol, connect) => {
    await check(protocol, `${listener.url}/foo/`, {
      reason: "path",
      hint: /at the root of its host, not below \/foo: use http:\/\/localhost:\d+ as baseUrl, or configure the proxy in between to strip \/foo$/,
      ...(connect && { plain: connect }),
    });
  });

  test("is not the hint for extra slashes, which transports ignore", async () => {
    for (const make of Object.values(ours)) {
      expect((await failureOf(make, `${listener.url}//`)).rawMessage).toBe("auth header missing");
    }
  });
});

describe("an RPC that the server does not have", () => {
  test.each<[string, Protocol, ConnectError, number?]>([
    ["json", "json", new ConnectError("Not Found", Code.NotFound), 404],
    ["json", "json", new ConnectError("Method Not Allowed", Code.Unimplemented), 405],
    [
      "grpc",
      "grpc",
      new ConnectError("unknown method X for service zitadel.a.v1.Y", Code.Unimplemented),
    ],
    [
      "grpc-web",
      "grpc-web",
      new ConnectError("unknown service zitadel.a.v1.Y", Code.Unimplemented),
    ],
  ])("over %s is unknown-rpc", (_, protocol, error, httpStatus) => {
    const baseUrl = "https://acme.example";
    expect(explain({ error, protocol, baseUrl, ...(httpStatus && { httpStatus }) })).toEqual({
      reason: "unknown-rpc",
      hint: expect.stringContaining("acme.example does not have this RPC") as string,
    });
  });
});

test("gRPC that a proxy passes on as HTTP/1 is http1", async () => {
  const proxy = await listenOnLoopback(
    http2.createServer((request, response) => {
      const {
        ":authority": host,
        ":path": path,
        ":method": method,
        te: _,
        ...rest
      } = request.headers;
      const headers = Object.fromEntries(
        Object.entries(rest).filter(([name]) => !name.startsWith(":")),
      );
      const to = {
        port: listener.port,
        host: "localhost",
        path,
        method,
        headers: { ...headers, host },
      };
      const onward = http.request(to as http.RequestOptions, (answer) => {
        response.writeHead(answer.statusCode ?? 0, {
          "content-type": answer.headers["content-type"] ?? "",
        });
        answer.pipe(response);
      });
      request.pipe(onward);
    }),
  );
  await check("grpc", `http://localhost:${proxy.port}`, {
    reason: "http1",
    hint: /forwards gRPC as HTTP\/1/,
    plain: /^\[unimplemented\] HTTP 404$/,
  });
  await proxy.close();
});

test("the Connect protocol, which these services do not support, is connect-protocol", async () => {
  const error = await failureOf(
    ({ baseUrl }) => plainConnect({ baseUrl, httpVersion: "1.1" }),
    listener.url,
  );
  expect(error.message).toBe("[unimplemented] Not Found");
  expect(explain({ error, baseUrl: listener.url })).toEqual({
    reason: "connect-protocol",
    hint: expect.stringContaining("zitadel-idp/transport/json, /grpc or /grpc-web") as string,
  });
});

describe("the browser's error for a request without a response", () => {
  test.each<[string, Protocol, string[], RegExp]>([
    [
      "Failed to fetch",
      "grpc-web",
      ["traceparent"],
      /does not allow the header traceparent, .*leave it out$/,
    ],
    ["Failed to fetch", "grpc-web", ["Grpc-Timeout"], /does not allow the header grpc-timeout/],
    [
      "Failed to fetch (localhost:1)",
      "json",
      ["grpc-timeout", "x-zitadel-orgid"],
      /see the console of the browser$/,
    ],
    ["Load failed", "json", ["x-a", "x-b"], /the header x-a, x-b,/],
    [
      "NetworkError when attempting to fetch resource.",
      "json",
      ["authorization"],
      /acme\.example cannot be reached, or its CORS rule rejects/,
    ],
  ])("%s over %s with %j is cors", async (text, protocol, headers, hint) => {
    const fetch = (): Promise<never> => Promise.reject(new TypeError(text));
    const make = ours[protocol] as (options: {
      baseUrl: string;
      fetch: typeof globalThis.fetch;
    }) => Transport;
    const error = await failureOf(({ baseUrl }) => make({ baseUrl, fetch }), "http://localhost");
    expect(error.code).toBe(Code.Unavailable);
    const explained = explain({
      error,
      protocol,
      baseUrl: "https://acme.example",
      attempt: { ...AttemptError.factsOf(error), headers },
    });
    expect(explained).toMatchObject({ reason: "cors" });
    expect(explained?.hint).toMatch(hint);
  });
});

test("a gRPC server that demands HTTP/1.1 is http1", async () => {
  const server = await listenOnLoopback(
    http2.createServer().on("stream", (stream) =>
      // The stream reports the code with which it was closed as an error.
      stream.on("error", () => undefined).close(http2.constants.NGHTTP2_HTTP_1_1_REQUIRED),
    ),
  );
  await check("grpc", `http://localhost:${server.port}`, {
    reason: "http1",
    hint: /answered in HTTP\/1, and gRPC needs HTTP\/2/,
  });
  await server.close();
});

describe("certificates", () => {
  test.each<[string, RegExp]>([
    ["CERT_HAS_EXPIRED", /not valid today: renew it, or set the clock/],
    ["CERT_NOT_YET_VALID", /set the clock/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /for other names than acme\.example/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /NODE_EXTRA_CA_CERTS/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /NODE_EXTRA_CA_CERTS/],
  ])("%s is certificate", (code, hint) => {
    const cause = Object.assign(new Error("x"), { code });
    const error = ConnectError.from(new TypeError("fetch failed", { cause }));
    const attempt = { connectionBroke: true };
    const explained = explain({ error, baseUrl: "https://acme.example", attempt });
    expect(explained?.reason).toBe("certificate");
    expect(explained?.hint).toMatch(hint);
  });
});

test.each(wires)("an error of ZITADEL itself is not a misrouting, over %s", async (protocol) => {
  await check(protocol, listener.url, {
    reason: undefined,
    hint: /^the call carried no token/,
  });
});

describe("an error that needs no explanation has no hint", () => {
  test.each<[string, ConnectError, number?]>([
    [
      "a missing provider",
      new ConnectError(
        "Identity Provider Configuration doesn't exist (QUERY-SAFrt)",
        Code.NotFound,
      ),
      404,
    ],
    [
      "a reset connection",
      ConnectError.from(Object.assign(new Error("x"), { code: "ECONNRESET" })),
    ],
    ["an abort", new ConnectError("This operation was aborted", Code.Canceled)],
    ["an empty error", new ConnectError("", Code.Unknown)],
  ])("such as %s", (_, error, httpStatus) => {
    for (const protocol of wires) {
      for (const baseUrl of [undefined, "no url", "http://acme.example/x"]) {
        const failure = {
          error,
          protocol,
          ...(baseUrl && { baseUrl }),
          ...(httpStatus && { httpStatus }),
        };
        expect(explain(failure)).toBeUndefined();
      }
    }
  });
});
