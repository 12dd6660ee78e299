import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { diagnose, type Finding } from "../../src/doctor/index.js";
import { isPrivateAddress } from "../../src/doctor/upstream/is-private-address.js";
import { isUnknownEverywhere } from "../../src/doctor/upstream/is-unknown-everywhere.js";
import { startSecureHosts } from "./support/secure-hosts.js";

const secret = "planted-s3cret-of-the-client";

/** Starts a server at a port of this machine. */
async function startServer(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns the findings about an OIDC provider of a file, whose secret is probed. */
async function diagnoseOidc(
  issuer: string,
  options: Parameters<typeof diagnose>[1] = {},
): Promise<readonly Finding[]> {
  const { findings } = await diagnose(undefined, {
    desired: {
      organization: {
        providers: [
          { type: "oidc", name: "Acme", issuer, clientId: "zitadel", clientSecret: secret },
        ],
      },
    },
    baseUrl: "https://zitadel.example",
    probeSecrets: true,
    ...options,
  });
  expect(JSON.stringify(findings)).not.toContain(secret);
  return findings;
}

function document(issuer: string, others: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/keys`,
    ...others,
  });
}

describe("the doctor sends nothing", () => {
  test("to a private address that the document of a public server names, and reports the address", async () => {
    const asked: string[] = [];
    await using inner = await startServer(({ url = "" }, response) => {
      asked.push(url);
      response.end();
    });
    const issuer = "https://login.acme.com";
    await using hosts = await startSecureHosts({
      "login.acme.com": ({ url }) => ({
        body: url.pathname.endsWith("openid-configuration")
          ? document(issuer, {
              authorization_endpoint: `${inner.origin.replace("http:", "https:")}/authorize`,
              token_endpoint: `${inner.origin.replace("http:", "https:")}/token`,
            })
          : "{}",
      }),
    });
    const findings = await diagnoseOidc(issuer, hosts.options);
    expect(asked).toEqual([]);
    for (const check of ["oidc/private-address", "callback/unchecked", "secret/unchecked"]) {
      expect(findings).toContainEqual(
        expect.objectContaining({
          severity: "unchecked",
          check,
          message: expect.stringContaining("private address") as string,
        }),
      );
    }
  });

  test("to the endpoints of a document that is of another issuer", async () => {
    const asked: string[] = [];
    await using hosts = await startSecureHosts({
      "login.acme.com": ({ url }) => {
        asked.push(url.pathname);
        return { body: document("https://attacker.example.net") };
      },
      "attacker.example.net": ({ url }) => {
        asked.push(`attacker ${url.pathname}`);
        return { body: {} };
      },
    });
    const findings = await diagnoseOidc("https://login.acme.com", hosts.options);
    expect(asked.filter((path) => /token|authorize/.test(path))).toEqual([]);
    const mismatch = findings.find(({ check }) => check === "oidc/issuer-mismatch");
    expect(mismatch?.severity).toBe("broken");
    expect(mismatch?.fix).toMatch(/find out which of the two/);
    expect(findings).toContainEqual(expect.objectContaining({ check: "secret/unchecked" }));
  });
});

describe("an answer", () => {
  test("in gzip is unpacked, as Go does", async () => {
    await using server = await startServer(({ url = "" }, response) => {
      const body = url.endsWith("openid-configuration") ? document(server.origin) : '{"keys":[]}';
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(body));
    });
    const findings = await diagnoseOidc(server.origin, { allowPrivate: true });
    expect(findings.map(({ check }) => check)).not.toContain("oidc/discovery-invalid");
    expect(findings.map(({ check }) => check)).toContain("oidc/no-usable-key");
  });

  test("that unpacks to more than 4 MiB is not read", async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    await using server = await startServer((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    expect(await diagnoseOidc(server.origin, { allowPrivate: true })).toContainEqual(
      expect.objectContaining({
        severity: "unchecked",
        check: "oidc/discovery-unreachable",
        message: expect.stringContaining("more than 4 MiB") as string,
      }),
    );
  });

  test("with a byte order mark is not JSON for Go", async () => {
    await using server = await startServer((_, response) => {
      response.end(`\ufeff${document(server.origin)}`);
    });
    expect(await diagnoseOidc(server.origin, { allowPrivate: true })).toContainEqual(
      expect.objectContaining({ severity: "broken", check: "oidc/discovery-invalid" }),
    );
  });
});

test.each([
  ["10.1.2.3", true],
  ["127.0.0.1", true],
  ["169.254.169.254", true],
  ["[::1]", true],
  ["[::ffff:7f00:1]", true],
  ["[::ffff:10.0.0.1]", true],
  ["[fd00::1]", true],
  ["localhost", true],
  ["8.8.8.8", false],
  ["[2606:4700::1]", false],
])("the address %s is private: %s", async (host, isPrivate) => {
  expect(await isPrivateAddress(host)).toBe(isPrivate);
});

test.each([
  ["nowhere.invalid", true],
  ["login.acme.example", true],
  ["keycloak", false],
  ["keycloak.auth.svc", false],
  ["sso.corp", false],
  ["dc1.acme.local", false],
])("the name %s is unknown everywhere: %s", async (host, isUnknown) => {
  expect(await isUnknownEverywhere(host)).toBe(isUnknown);
});
