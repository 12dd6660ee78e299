import * as http from "node:http";
import * as http2 from "node:http2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient, type Protocol, type ZitadelError } from "zitadel-idp";
import { failureOf } from "../support/failure.js";
import { listenOnLoopback, type RunningServer } from "../support/listen-on-loopback.js";
import type { FixedResponse } from "../support/wrong-servers.js";

const wires: Protocol[] = ["json", "grpc", "grpc-web"];
const html = { "content-type": "text/html" };
const text = { "content-type": "text/plain" };

const servers: RunningServer[] = [];
let clients: Record<Protocol, IdpClient>;
beforeAll(async () => {
  /** A server whose response is selected by a header of the request. */
  const wanted = (header: unknown): FixedResponse => JSON.parse(String(header)) as FixedResponse;
  const http1Server = await listenOnLoopback(
    http.createServer((request, response) => {
      const { status, headers, body } = wanted(request.headers["x-answer"]);
      request.resume();
      response.writeHead(status, headers).end(body);
    }),
  );
  const http2Server = await listenOnLoopback(
    http2.createServer().on("stream", (stream, received) => {
      const { status, headers, body } = wanted(received["x-answer"]);
      stream.on("error", () => undefined);
      stream.respond({ ":status": status, ...headers });
      stream.end(body);
    }),
  );
  servers.push(http1Server, http2Server);
  const connect = (protocol: Protocol, { port }: RunningServer): IdpClient =>
    createIdpClient({
      baseUrl: `http://localhost:${port}`,
      protocol,
      auth: "secret-token-of-25-letters",
      retry: false,
    });
  clients = {
    json: connect("json", http1Server),
    grpc: connect("grpc", http2Server),
    "grpc-web": connect("grpc-web", http1Server),
  };
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  await Promise.all(servers.map((server) => server.close()));
});

async function addTo(protocol: Protocol, answer: FixedResponse): Promise<ZitadelError> {
  return await failureOf(
    clients[protocol].management.addGoogleProvider(
      { clientId: "x", clientSecret: "s3cret" },
      { headers: { "x-answer": JSON.stringify(answer) } },
    ),
  );
}

const addressHint = /check host, port and path of baseUrl/;
const resolveHint = /resolveCreate of zitadel-idp\/providers/;

describe.each(wires)("over %s", (protocol) => {
  const cases: [status: number, hint: RegExp, outcome: "not_done" | "unknown"][] = [
    [401, /configure localhost:\d+ to allow the paths of the API/, "not_done"],
    [403, /configure localhost:\d+ to allow the paths of the API/, "not_done"],
    [407, /requires its own credentials/, "not_done"],
    [408, /the request timed out/, "unknown"],
    [413, /the request is too large.*client_max_body_size.*4 MiB/, "not_done"],
    [414, /the URL of the request is too long/, "not_done"],
    [421, /does not serve this host name/, "not_done"],
    [429, /rate limit.*send fewer calls/, "not_done"],
    [
      431,
      /the headers of the request are too large.*this one has 26 characters.*cookies/,
      "not_done",
    ],
    [440, /requires its own sign-in/, "not_done"],
    [451, /configure localhost:\d+ to allow/, "not_done"],
    [460, /saw the connection close/, "unknown"],
    [463, /X-Forwarded-For/, "not_done"],
    [494, /headers of the request are too large/, "not_done"],
    [495, /client certificate/, "not_done"],
    [496, /client certificate/, "not_done"],
    [497, /use https: instead of http: in baseUrl/, "not_done"],
    [499, /saw the connection close/, "unknown"],
    [500, /check that ZITADEL runs/, "unknown"],
    [502, /check that ZITADEL runs/, "unknown"],
    [503, /check that ZITADEL runs/, "unknown"],
    [504, /did not answer the proxy at localhost:\d+ in time/, "unknown"],
    [511, /this network requires a sign-in/, "unknown"],
    [520, /a response that Cloudflare cannot read/, "unknown"],
    [521, /refuses connections from Cloudflare.*check that ZITADEL runs.*firewall/, "unknown"],
    [522, /does not accept a connection from Cloudflare.*in time.*DNS record/, "unknown"],
    [523, /finds no route.*DNS record/, "unknown"],
    [524, /accepted the connection of Cloudflare.*did not answer in time/, "unknown"],
    [525, /cannot make a TLS connection/, "unknown"],
    [526, /does not trust the certificate/, "unknown"],
    [527, /Railgun/, "unknown"],
    [528, /check that ZITADEL runs/, "unknown"],
    [529, /overloaded/, "unknown"],
    [530, /DNS record or its tunnel/, "unknown"],
    [561, /requires its own sign-in/, "unknown"],
    [599, /in time/, "unknown"],
  ];
  const bodies: [what: string, headers: Record<string, string>, body: string][] = [
    ["page", html, "<title>nginx</title>"],
    ["text", text, "no"],
    ["JSON", { "content-type": "application/json" }, '{"message":"no"}'],
    ["empty body", {}, ""],
  ];

  test.each(cases)("HTTP %i has its own hint: %s, %s", async (status, hint, outcome) => {
    for (const [what, headers, body] of bodies) {
      const error = await addTo(protocol, { status, headers, body });
      const told = `${what}: ${error.hint}`;
      expect(told).toMatch(hint);
      expect(told).not.toMatch(addressHint);
      expect(error.outcome).toBe(outcome);
      // The cause and the fix.
      expect(resolveHint.test(told)).toBe(outcome === "unknown");
      expect(error.message).toContain(error.hint);
      expect(error.reason).toBe(what === "page" ? "html" : "proxy");
    }
  });

  test.each([406, 409, 411, 412, 416, 417, 418, 423, 425, 428, 449])(
    "a page with HTTP %i is a rejection, and not a wrong address",
    async (status) => {
      const { hint } = await addTo(protocol, { status, headers: html, body: "<p>no</p>" });
      expect(hint).toMatch(/rejected the request.*check the log of localhost:\d+/);
      expect(hint).not.toMatch(addressHint);
    },
  );

  test.each([200, 404, 410])("a page with HTTP %i is a wrong address", async (status) => {
    const error = await addTo(protocol, { status, headers: html, body: "<p>Welcome</p>" });
    expect(error).toMatchObject({ reason: "html", hint: expect.stringMatching(addressHint) });
    // An Add that got a page with 200 may have been carried out on the way.
    expect(resolveHint.test(error.hint ?? "")).toBe(status === 200);
  });

  test.each([429, 503])("HTTP %i names the pause that Retry-After asks for", async (status) => {
    const headers = { ...html, "retry-after": "120" };
    expect((await addTo(protocol, { status, headers })).hint).toMatch(/120 s/);
  });

  test.each<[what: string, status: number, body: string, hint: RegExp]>([
    [
      "nginx",
      400,
      "<h1>400 Bad Request</h1>Request Header Or Cookie Too Large",
      /headers of the request/,
    ],
    ["IIS", 400, "HTTP Error 400. The size of the request headers is too long.", /headers of the/],
    [
      "IIS",
      404,
      "configured to deny a request that exceeds the request content length",
      /too large/,
    ],
    ["IIS", 404, "HTTP Error 404.14 - URL Too Long", /URL of the request is too long/],
    ["nginx", 400, "No required SSL certificate was sent", /client certificate/],
  ])(
    "a page of %s with HTTP %i is more specific than its status: %s",
    async (_, status, body, hint) => {
      const error = await addTo(protocol, { status, headers: html, body });
      expect(error.hint).toMatch(hint);
      expect(error.hint).not.toMatch(addressHint);
      expect(error).toMatchObject({ httpStatus: status, outcome: "not_done" });
    },
  );

  test("a hint never repeats the token or a secret", async () => {
    for (const status of [400, 401, 413, 431, 502]) {
      const body = "<p>secret-token-of-25-letters s3cret</p>";
      const { message } = await addTo(protocol, { status, headers: html, body });
      expect(message).not.toMatch(/secret-token|s3cret/);
    }
  });
});

describe("over json", () => {
  test.each([405, 501])("HTTP %i names the methods to allow", async (status) => {
    const { hint } = await addTo("json", { status, headers: html, body: "<p>Not Allowed</p>" });
    expect(hint).toMatch(/GET, POST, PUT and DELETE.*WebDAVModule/);
  });

  test.each([426, 464, 505])("HTTP %i names the version of HTTP", async (status) => {
    const { hint } = await addTo("json", { status });
    expect(hint).toMatch(/another version of HTTP than protocol "json" uses: use protocol: "grpc"/);
  });
});

describe("errors of Envoy in grpc-message", () => {
  test.each<[text: string, code: number, hint: RegExp]>([
    ["upstream connect error or disconnect/reset before headers", 14, /check that ZITADEL runs/],
    ["no healthy upstream", 14, /check that ZITADEL runs/],
    ["upstream request timeout", 14, /in time/],
    ["RBAC: access denied", 7, /configure localhost:\d+ to allow/],
    ["local_rate_limited", 14, /rate limit/],
  ])("%s", async (message, code, hint) => {
    for (const protocol of ["grpc", "grpc-web"] as const) {
      const error = await addTo(protocol, {
        status: 200,
        headers: {
          "content-type": `application/${protocol}`,
          "grpc-status": String(code),
          "grpc-message": message,
        },
      });
      expect(error).toMatchObject({ code, rawMessage: message });
      expect(error.hint).toMatch(hint);
      expect(resolveHint.test(error.hint ?? "")).toBe(code === 14);
    }
  });
});

describe.each(wires)("a write of unknown outcome over %s", (protocol) => {
  const headers = { "x-answer": JSON.stringify({ status: 504, headers: html, body: "<p></p>" }) };

  test.each<[rpc: string, hint: RegExp | undefined, call: (client: IdpClient) => Promise<unknown>]>(
    [
      [
        "AddIDPToLoginPolicy",
        resolveHint,
        (client) => client.admin.addIDPToLoginPolicy({ idpId: "1" }, { headers }),
      ],
      [
        "MigrateGenericOIDCProvider",
        /; do not simply migrate it again/,
        (client) => client.admin.migrateGenericOIDCProvider({ id: "1" }, { headers }),
      ],
      [
        "RegenerateSAMLProviderCertificate",
        /; do not simply regenerate it again/,
        (client) => client.admin.regenerateSAMLProviderCertificate({ id: "1" }, { headers }),
      ],
      [
        "DeleteProvider",
        undefined,
        (client) => client.admin.deleteProvider({ id: "1" }, { headers }),
      ],
    ],
  )("%s", async (_, hint, call) => {
    const error = await failureOf(call(clients[protocol]));
    expect(error.outcome).toBe("unknown");
    expect(error.hint).toMatch(/^ZITADEL did not answer the proxy/);
    if (hint === undefined) {
      expect(error.hint).not.toContain("do not simply");
    } else {
      expect(error.hint).toMatch(hint);
    }
  });
});

test("no page takes long to recognize", async () => {
  const { createForeignPageError } = await import("../../src/transport/foreign-page-error.js");
  for (const part of ["<form ", "<form>", "<title log", "URL ", "query string ", "type=", " "]) {
    const body = new TextEncoder().encode(part.repeat(65_536 / part.length));
    const started = performance.now();
    createForeignPageError({ status: 400, headers: new Headers(html), body });
    // Quadratic expressions take seconds.
    expect(performance.now() - started).toBeLessThan(200);
  }
});
