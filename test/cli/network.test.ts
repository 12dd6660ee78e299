import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli } from "../support/cli.js";
import { encryptKey } from "../support/encrypt-key.js";
import { type TlsEmulator, serverName, startTlsEmulator } from "../support/tls-emulator.js";
import { type Squid, startSquid } from "../support/squid.js";

const passphrase = "open s3same";
const folder = mkdtempSync(join(tmpdir(), "network-"));
const at = (name: string): string => join(folder, name);

let tlsEmulator: TlsEmulator;
let squid: Squid;
let proxy: string;

beforeAll(async () => {
  tlsEmulator = await startTlsEmulator({ needsClientCertificate: true });
  squid = await startSquid({
    hosts: [serverName],
    connectPorts: [tlsEmulator.tlsProxy.port],
    user: { name: "mary", password: "s3same" },
  });
  proxy = `http://mary:s3same@localhost:${squid.port}`;
  const { cert, key } = await tlsEmulator.authority.issue("command-line");
  const other = await tlsEmulator.authority.issue("other");
  const profile = `profiles:
  acme:
    url: ${tlsEmulator.secureUrl}
    tokenFile: token
    proxy: ${proxy}
    caFile: ca.pem
    certFile: cert.pem
    keyPemFile: key.pem
  encrypted:
    url: ${tlsEmulator.secureUrl}
    tokenFile: token
    proxy: ${proxy}
    caFile: ca.pem
    certFile: cert.pem
    keyPemFile: encrypted.pem
`;
  const files = { "ca.pem": tlsEmulator.authority.ca, "cert.pem": cert, "key.pem": key };
  const encrypted = { "encrypted.pem": encryptKey(key, passphrase) };
  const more = {
    "other.pem": other.key,
    token: tlsEmulator.emulator.token,
    "profiles.yaml": profile,
  };
  for (const [name, text] of Object.entries({ ...files, ...encrypted, ...more })) {
    writeFileSync(at(name), text, { mode: 0o600 });
  }
});

afterAll(async () => {
  await squid[Symbol.asyncDispose]();
  await tlsEmulator[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const files = (key = "key.pem"): string[] =>
  Object.entries({ ca: "ca.pem", cert: "cert.pem", "key-pem": key }).flatMap(([flag, name]) => [
    `--${flag}-file`,
    at(name),
  ]);

describe("the command line goes through a proxy with a client certificate", () => {
  test.each<[string, () => string[], () => Record<string, string>]>([
    ["by flags", () => ["--proxy", proxy, ...files()], () => ({})],
    [
      "by environment variables",
      () => [],
      () => ({
        ZITADEL_PROXY: proxy,
        ZITADEL_CA_FILE: at("ca.pem"),
        ZITADEL_CERT_FILE: at("cert.pem"),
        ZITADEL_KEY_PEM_FILE: at("key.pem"),
      }),
    ],
    ["by a profile", () => ["--profile", "acme", "--profiles", at("profiles.yaml")], () => ({})],
    ["by a flag and variables", () => files(), () => ({ ZITADEL_PROXY: proxy })],
    [
      "by flags, with an encrypted key",
      () => ["--proxy", proxy, ...files("encrypted.pem")],
      () => ({ ZITADEL_KEY_PASSPHRASE: passphrase }),
    ],
    [
      "by a profile, with an encrypted key",
      () => ["--profile", "encrypted", "--profiles", at("profiles.yaml")],
      () => ({ ZITADEL_KEY_PASSPHRASE: passphrase }),
    ],
  ])("%s", async (_, args, env) => {
    const connection = {
      ZITADEL_URL: tlsEmulator.secureUrl,
      ZITADEL_TOKEN: tlsEmulator.emulator.token,
    };
    for (const protocol of ["grpc", "json", "grpc-web"]) {
      const before = tlsEmulator.tlsProxy.clients.length;
      const ended = await cli(["list", "--protocol", protocol, ...args()], {
        env: { ...connection, ...env() },
      });
      expect(ended).toMatchObject({ status: 0, stderr: "" });
      expect(new Set(tlsEmulator.tlsProxy.clients.slice(before))).toEqual(
        new Set(["command-line"]),
      );
    }
  });

  test("to both sides of diff", async () => {
    const env = { ZITADEL_URL: tlsEmulator.secureUrl, ZITADEL_TOKEN: tlsEmulator.emulator.token };
    const to = ["--to-url", tlsEmulator.secureUrl, "--to-token-file", at("token"), "--to-instance"];
    const ended = await cli(["diff", "--instance", ...to, "--proxy", proxy, ...files()], { env });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("the command line rejects", () => {
  test.each<[string, () => string[], Record<string, string>, RegExp]>([
    [
      "a proxy that is none",
      () => ["--proxy", "ftp://mary:s3same@proxy.example"],
      {},
      /^error: --proxy: must be the URL of a proxy, e\.g\. "http:\/\/proxy\.example:3128"/,
    ],
    [
      "a SOCKS proxy in a variable",
      () => [],
      { ZITADEL_PROXY: "socks5://mary:s3same@proxy.example" },
      /^error: ZITADEL_PROXY: SOCKS proxies are not supported.*--proxy none/,
    ],
    ["an empty proxy", () => [], { ZITADEL_PROXY: "" }, /^error: ZITADEL_PROXY is set but empty/],
    [
      "a file that is not there",
      () => ["--ca-file", at("none.pem")],
      {},
      /^error: cannot read the certificates of the authorities from .*none\.pem.*--ca-file/,
    ],
    [
      "a file without certificates",
      () => ["--ca-file", at("token")],
      {},
      /^error: --ca-file: must be certificates in PEM/,
    ],
    [
      "a certificate without its key",
      () => ["--cert-file", at("cert.pem")],
      {},
      /^error: --cert-file: needs its private key; pass it as --key-pem-file/,
    ],
    [
      "the key of another certificate",
      () => ["--cert-file", at("cert.pem"), "--key-pem-file", at("other.pem")],
      {},
      /^error: --key-pem-file: is not the private key of the certificate in --cert-file/,
    ],
    [
      "an encrypted key without its passphrase",
      () => files("encrypted.pem"),
      {},
      /^error: --key-pem-file: is encrypted; set ZITADEL_KEY_PASSPHRASE to its passphrase/,
    ],
    [
      "a wrong passphrase",
      () => files("encrypted.pem"),
      { ZITADEL_KEY_PASSPHRASE: "wrong s3same" },
      /^error: ZITADEL_KEY_PASSPHRASE: does not decrypt --key-pem-file/,
    ],
    [
      "an empty passphrase",
      () => files("encrypted.pem"),
      { ZITADEL_KEY_PASSPHRASE: "" },
      /^error: ZITADEL_KEY_PASSPHRASE is set but empty/,
    ],
    [
      "a passphrase without a key",
      () => [],
      { ZITADEL_KEY_PASSPHRASE: "open s3same" },
      /^error: ZITADEL_KEY_PASSPHRASE: has no effect without --key-pem-file/,
    ],
    [
      "the content of the key instead of its path",
      () => [
        "--cert-file",
        at("cert.pem"),
        "--key-pem-file",
        "-----BEGIN PRIVATE KEY-----\ns3same",
      ],
      {},
      /^error: --key-pem-file contains the content of a file, not its path: pass the path/,
    ],
  ])("%s", async (_, args, env, message) => {
    const connection = {
      ZITADEL_URL: tlsEmulator.secureUrl,
      ZITADEL_TOKEN: tlsEmulator.emulator.token,
    };
    const ended = await cli(["list", ...args()], { env: { ...connection, ...env } });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/s3same/);
  });

  test.each([
    ["a proxy without credentials", () => `http://localhost:${squid.port}`, /HTTP 407.*--proxy/],
    ["no proxy", () => "NONE", /cannot be reached/],
  ])(
    "no valid option --proxy, but reports that the connection fails with %s",
    async (_, value, message) => {
      const connection = {
        ZITADEL_URL: tlsEmulator.secureUrl,
        ZITADEL_TOKEN: tlsEmulator.emulator.token,
      };
      const ended = await cli(["list", "--proxy", value(), ...files()], { env: connection });
      expect(ended.status).toBe(1);
      expect(ended.stderr).toMatch(message);
    },
  );
});
