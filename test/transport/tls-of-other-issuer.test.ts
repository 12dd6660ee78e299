import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIdpClient, type IdpClientOptions } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { clientCredentials } from "../../src/token-sources.js";
import {
  createAuthority,
  type KeyAndCertificate,
  type TestAuthority,
} from "../support/certificates.js";
import { wireNames } from "../support/wires.js";

// The option tls is for the server of baseUrl. An issuer on another origin shares nothing with it but the authorities.

let emulator: Emulator;
let baseUrl: string;
let authority: TestAuthority;
let client: KeyAndCertificate;
let issuer: Server;
let seen: (string | undefined)[] = [];

async function startIssuer(needsClientCertificate: boolean): Promise<Server> {
  const server = createServer({
    ...(await authority.issue("localhost")),
    ca: authority.ca,
    requestCert: true,
    rejectUnauthorized: needsClientCertificate,
  });
  server.on("request", ({ socket }, response) => {
    const { subject } = (socket as TLSSocket).getPeerCertificate() as { subject?: { CN: string } };
    seen.push(subject?.CN);
    response.setHeader("content-type", "application/json");
    const token = { access_token: emulator.token, token_type: "Bearer", expires_in: 300 };
    response.end(JSON.stringify(token));
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return server;
}

beforeAll(async () => {
  emulator = createEmulator();
  ({ url: baseUrl } = await emulator.listen());
  authority = await createAuthority();
  client = await authority.issue("client-of-acme");
  issuer = await startIssuer(false);
});

afterAll(async () => {
  issuer.closeAllConnections();
  issuer.close();
  await emulator.close();
});

/** Lists the providers with a token of an issuer. */
async function list(
  server: Server,
  protocol: IdpClientOptions["protocol"],
  tls: IdpClientOptions["tls"],
): Promise<void> {
  seen = [];
  const { port } = server.address() as AddressInfo;
  const zitadel = createIdpClient({
    baseUrl,
    protocol,
    tls,
    retry: false,
    allowInsecureAuth: true,
    auth: clientCredentials({
      clientId: "job",
      clientSecret: "s3cret-of-the-client",
      tokenEndpoint: `https://localhost:${port}/token`,
    }),
  });
  try {
    await zitadel.management.listProviders({});
  } finally {
    await zitadel.close();
  }
}

test.each(wireNames)("the issuer gets no client certificate over %s", async (protocol) => {
  await list(issuer, protocol, { ca: authority.ca, ...client });
  expect(seen).toEqual([undefined]);
});

test.each(wireNames)("the issuer keeps its own name over %s", async (protocol) => {
  await list(issuer, protocol, { ca: authority.ca, serverName: "acme.example" });
  expect(seen).toHaveLength(1);
});

test.each(wireNames)(
  "the issuer needs a certificate that is trusted, over %s",
  async (protocol) => {
    const { port } = issuer.address() as AddressInfo;
    await expect(list(issuer, protocol, { rejectUnauthorized: false })).rejects.toMatchObject({
      outcome: "not_done",
      reason: "certificate",
      hint: expect.stringMatching(
        new RegExp(
          `^the certificate of localhost:${port} is not signed .*: pass its CA as tls\\.ca`,
        ),
      ) as string,
    });
    expect(seen).toEqual([]);
  },
);

test("the hints name the issuer and the options for its certificate", async () => {
  const mutual = await startIssuer(true);
  await expect(list(mutual, "json", { ca: authority.ca, ...client })).rejects.toMatchObject({
    reason: "certificate",
    hint: expect.stringMatching(
      /^localhost:\d+ requires a client certificate.*tls\.cert is for/,
    ) as string,
  });
  mutual.close();
  const { port } = issuer.address() as AddressInfo;
  const zitadel = createIdpClient({
    baseUrl,
    tls: { ca: authority.ca },
    retry: false,
    auth: clientCredentials({
      clientId: "job",
      clientSecret: "s3cret-of-the-client",
      issuer: `https://127.0.0.1:${port}`,
    }),
  });
  const error: unknown = await zitadel.management
    .listProviders({})
    .catch((reason: unknown) => reason);
  await zitadel.close();
  expect(error).toMatchObject({
    reason: "certificate",
    hint: expect.stringMatching(
      /other names than 127\.0\.0\.1:\d+: use .* issuer or tokenEndpoint/,
    ) as string,
  });
});
