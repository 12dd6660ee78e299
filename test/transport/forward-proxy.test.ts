import { createServer, type AddressInfo, type Server } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClientOptions, isZitadelError, ZitadelError } from "zitadel-idp";
import { type TlsEmulator, serverName, startTlsEmulator } from "../support/tls-emulator.js";
import { type Squid, startSquid } from "../support/squid.js";
import { useProxyVariables } from "../support/use-proxy-variables.js";
import { wireNames } from "../support/wires.js";

const user = { name: "mary@acme", password: "p@ss:w%rd/with specials" };
const credentialsInUrl = `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}`;

let tlsEmulator: TlsEmulator;
let open: Squid;
let guarded: Squid;
let secure: Squid;

beforeAll(async () => {
  tlsEmulator = await startTlsEmulator();
  const settings = {
    hosts: [serverName, "refused.test"],
    connectPorts: [tlsEmulator.tlsProxy.port, tlsEmulator.plainPort],
    refused: ["refused.test"],
  };
  [open, guarded, secure] = await Promise.all([
    startSquid(settings),
    startSquid({ ...settings, user }),
    startSquid({ ...settings, user, tls: await tlsEmulator.authority.issue("localhost") }),
  ]);
});

afterAll(async () => {
  for (const each of [open, guarded, secure, tlsEmulator]) {
    await each[Symbol.asyncDispose]();
  }
});

const setVariables = useProxyVariables();

/** Lists the providers with a client of its own. Returns their number. */
async function list(options: Partial<IdpClientOptions>): Promise<number> {
  const client = createIdpClient({
    baseUrl: tlsEmulator.secureUrl,
    auth: tlsEmulator.emulator.token,
    tls: { ca: tlsEmulator.authority.ca },
    retry: { initialPauseMs: 1 },
    timeoutMs: 20_000,
    ...options,
  });
  try {
    return (await client.management.listProviders({})).result.length;
  } finally {
    await client.close();
  }
}

/** Adds a provider with a client of its own, and returns the error of the call. */
async function addingFails(options: Partial<IdpClientOptions>): Promise<ZitadelError> {
  const client = createIdpClient({
    baseUrl: tlsEmulator.secureUrl,
    auth: tlsEmulator.emulator.token,
    tls: { ca: tlsEmulator.authority.ca },
    retry: { maxAttempts: 3, initialPauseMs: 1 },
    timeoutMs: 20_000,
    ...options,
  });
  const requestsBefore = tlsEmulator.emulator.log.length;
  try {
    await client.management.addGoogleProvider({ clientId: "c", clientSecret: "s3cret" });
  } catch (error) {
    expect(tlsEmulator.emulator.log).toHaveLength(requestsBefore);
    if (isZitadelError(error)) {
      return error;
    }
    throw error;
  } finally {
    await client.close();
  }
  throw new Error("the call succeeded");
}

const proxyUrl = ({ port }: Squid, credentials?: string, scheme = "http"): string =>
  `${scheme}://${credentials === undefined ? "" : `${credentials}@`}localhost:${port}`;

const kinds = ["a fixed token", "a service account", "client credentials"];

describe.each(wireNames)("%s", (protocol) => {
  test.each(kinds)("goes by CONNECT through a proxy with %s", async (kind) => {
    const auth = tlsEmulator.credentials[kind]?.();
    expect(await list({ protocol, auth, proxy: proxyUrl(open) })).toBe(0);
  });

  test.each(kinds)("goes through a proxy that wants credentials with %s", async (kind) => {
    const auth = tlsEmulator.credentials[kind]?.();
    const proxy = proxyUrl(guarded, credentialsInUrl);
    expect(await list({ protocol, auth, proxy })).toBe(0);
    // The form of a URL object is accepted too.
    expect(await list({ protocol, auth, proxy: new URL(proxy) })).toBe(0);
  });

  test.each(kinds)("goes through a proxy that is reached by TLS with %s", async (kind) => {
    const auth = tlsEmulator.credentials[kind]?.();
    const proxy = proxyUrl(secure, credentialsInUrl, "https");
    expect(await list({ protocol, auth, proxy })).toBe(0);
  });

  test.each(kinds)("reaches a server without TLS through a proxy with %s", async (kind) => {
    const { plainUrl: baseUrl, plainPort } = tlsEmulator;
    const auth = tlsEmulator.credentials[kind]?.();
    const requests = guarded.requests().length;
    const proxy = proxyUrl(guarded, credentialsInUrl);
    expect(await list({ protocol, auth, proxy, baseUrl, allowInsecureAuth: true })).toBe(0);
    const seen = guarded.requests().slice(requests);
    const calls = seen.filter(
      (each) => !each.includes("/oauth/") && !each.includes("/.well-known"),
    );
    // Squid logs a tunnel when it is closed.
    expect(calls.length > 0 || protocol === "grpc").toBe(true);
    for (const each of calls) {
      // HTTP/1 names the whole URL, and HTTP/2 needs a tunnel.
      const beginning = protocol === "grpc" ? `CONNECT ${serverName}` : `POST ${baseUrl}/`;
      expect(each.startsWith(beginning), each).toBe(true);
      expect(each).toContain(String(plainPort));
    }
  });

  test("does not reach the server without the proxy", async () => {
    const error = await addingFails({ protocol, proxy: false });
    expect(error.message).toMatch(/cannot be reached/);
  });

  test("serves many calls at once through a proxy", async () => {
    const client = createIdpClient({
      baseUrl: tlsEmulator.secureUrl,
      auth: tlsEmulator.emulator.token,
      protocol,
      proxy: proxyUrl(open),
      tls: { ca: tlsEmulator.authority.ca },
      limits: { maxConnections: 5 },
    });
    const calls = Array.from({ length: 150 }, () => client.management.listProviders({}));
    expect(await Promise.all(calls)).toHaveLength(150);
    await client.close();
  });

  test.each([
    [
      "without credentials",
      undefined,
      /requires credentials: write them into its URL .*, before the host, as USER:PASSWORD@$/,
    ],
    ["with a wrong password", "mary%40acme:wr0ng-pass", /rejects the user name or the password/],
  ])("is refused by a proxy that wants credentials, %s", async (_, credentials, hint) => {
    const error = await addingFails({ protocol, proxy: proxyUrl(guarded, credentials) });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 1, reason: "proxy" });
    expect(error.message).toContain(
      `the proxy localhost:${guarded.port} answered HTTP 407 instead of connecting to ${serverName}:${tlsEmulator.tlsProxy.port}`,
    );
    expect(error.hint).toMatch(hint);
    expect(inspect(error, { depth: 9 })).not.toMatch(/wr0ng|mary/);
  });

  test("is refused by a proxy, before the token is sent, to a server without TLS", async () => {
    const error = await addingFails({
      protocol,
      baseUrl: tlsEmulator.plainUrl,
      allowInsecureAuth: true,
      proxy: proxyUrl(guarded),
    });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 1, reason: "proxy" });
    expect(error.message).toContain(`the proxy localhost:${guarded.port} answered HTTP 407`);
  });

  test("is refused by a proxy that does not allow the host", async () => {
    const baseUrl = `https://refused.test:${tlsEmulator.tlsProxy.port}`;
    const error = await addingFails({ protocol, baseUrl, proxy: proxyUrl(open) });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 1, reason: "proxy" });
    expect(error.message).toContain(`the proxy localhost:${open.port} answered HTTP 403`);
    expect(error.hint).toMatch(/does not allow CONNECT to refused\.test:\d+.*NO_PROXY/);
  });

  test.each(kinds.slice(1))("reports the refusal for the token request of %s", async (kind) => {
    const auth = tlsEmulator.credentials[kind]?.();
    const error = await addingFails({ protocol, auth, proxy: proxyUrl(guarded) });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 1, reason: "proxy" });
    expect(error.message).toContain(`the proxy localhost:${guarded.port} answered HTTP 407`);
    expect(error.hint).toMatch(/requires credentials/);
  });

  test("retries a proxy that cannot be reached", async () => {
    const port = await freePort();
    const error = await addingFails({ protocol, proxy: `http://mary:s3same@localhost:${port}` });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 3, reason: "proxy" });
    expect(error.message).toContain(`the proxy localhost:${port} cannot be reached (ECONNREFUSED)`);
    expect(error.hint).toMatch(/check scheme, host and port of the proxy/);
    expect(inspect(error, { depth: 9 })).not.toMatch(/s3same|mary/);
  });

  test("retries when the proxy cannot reach the server", async () => {
    const port = await freePort();
    await using other = await startSquid({ hosts: [serverName], connectPorts: [port] });
    const baseUrl = `https://${serverName}:${port}`;
    const error = await addingFails({ protocol, baseUrl, proxy: proxyUrl(other) });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 3, reason: "proxy" });
    expect(error.message).toMatch(/the proxy localhost:\d+ answered HTTP 50\d instead/);
    expect(error.hint).toContain(`cannot reach ${serverName}:${port}`);
  });

  test.each([
    ["sends something else than HTTP", "220 mail.test ESMTP\r\n", /cannot be reached \(HPE_/],
    ["hangs up", undefined, /cannot be reached \(ECONNRESET\)/],
  ])("reports a proxy that %s", async (_, answer, message) => {
    const server = createServer((socket) =>
      socket
        .on("error", () => undefined)
        .once("data", () => (answer === undefined ? socket.destroy() : socket.end(answer))),
    );
    const port = await listen(server);
    const error = await addingFails({ protocol, proxy: `http://localhost:${port}` });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 3, reason: "proxy" });
    expect(error.message).toMatch(message);
    server.close();
  });

  test("gives up a proxy that never answers after connectTimeoutMs", async () => {
    const server = createServer((socket) => socket.on("error", () => undefined).resume());
    const port = await listen(server);
    const error = await addingFails({
      protocol,
      proxy: `http://localhost:${port}`,
      connectTimeoutMs: 100,
    });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 3, reason: "proxy" });
    expect(error.message).toContain("cannot be reached (ETIMEDOUT)");
    server.close();
  });

  test("uses the proxy of the environment, unless the option proxy is false", async () => {
    setVariables({ HTTPS_PROXY: proxyUrl(guarded, credentialsInUrl) });
    expect(await list({ protocol, auth: tlsEmulator.credentials["a service account"]?.() })).toBe(
      0,
    );
    const error = await addingFails({ protocol, proxy: false });
    expect(error.reason).toBe("unreachable");
    setVariables({ HTTPS_PROXY: proxyUrl(guarded, credentialsInUrl), NO_PROXY: serverName });
    expect((await addingFails({ protocol })).reason).toBe("unreachable");
  });
});

test("the log of the proxy shows the tunnels when they are closed, without other requests", async () => {
  await expect
    .poll(() => new Set(open.requests().filter((each) => each.endsWith(" 200"))), {
      timeout: 15_000,
    })
    .toEqual(new Set([`CONNECT ${serverName}:${tlsEmulator.tlsProxy.port} 200`]));
});

test("a grpc client has one tunnel for all organizations, and close ends it", async () => {
  await using other = await startTlsEmulator();
  await using proxy = await startSquid({
    hosts: [serverName],
    connectPorts: [other.tlsProxy.port],
  });
  const client = createIdpClient({
    baseUrl: other.secureUrl,
    auth: other.emulator.token,
    proxy: proxyUrl(proxy),
    tls: { ca: other.authority.ca },
  });
  await Promise.all([
    client.management.listProviders({}),
    client.withOrg("1").management.listProviders({}),
  ]);
  expect(other.tlsProxy.connections).toBe(1);
  await client.close();
  await expect.poll(() => other.tlsProxy.connections).toBe(0);
});

test("close ends the wait for a proxy that never answers", async () => {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  const port = await listen(server);
  const client = createIdpClient({
    baseUrl: tlsEmulator.secureUrl,
    auth: tlsEmulator.emulator.token,
    proxy: `http://localhost:${port}`,
    retry: false,
  });
  const call = client.management.listProviders({}).catch((error: unknown) => error);
  await new Promise<void>((resolve) => server.once("connection", () => resolve()));
  await client.close();
  expect(await call).toMatchObject({ outcome: "not_done", message: /closed/ });
  server.close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return (server.address() as AddressInfo).port;
}

/** Returns a port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
