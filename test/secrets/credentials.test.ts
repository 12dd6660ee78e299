import { inspect } from "node:util";
import { expect, test } from "vitest";
import { createIdpClient, type IdpClientOptions } from "zitadel-idp";
import { clientCredentials, createTokenSource, serviceAccount } from "zitadel-idp/auth";
import { runCredentialSearch } from "./run-credential-search.js";
import { createMarkers } from "./markers.js";
import { findMarkers } from "./find-markers.js";
import { summarizeLeaks } from "./report.js";
import { collectErrorTexts } from "./collect-texts.js";

test("no client secret, key, assertion or token appears in the output of a token source", async () => {
  const { leaks, pieces } = await runCredentialSearch();
  expect(summarizeLeaks(leaks)).toEqual([]);
  expect(pieces).toEqual([]);
});

const markers = createMarkers();
const core = markers.text("an option");
const baseUrl = "https://acme.example";
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${core}\n-----END RSA PRIVATE KEY-----`;
const keyFile = { type: "serviceaccount", keyId: "1", userId: "2", key: pem } as const;
const client = (options: Partial<IdpClientOptions>) => () =>
  createIdpClient({ baseUrl, ...options });
const wrong = (value: unknown): never => value as never;

test.each<[what: string, create: () => unknown]>([
  ["a token with a line break", client({ auth: `${core}\n` })],
  ["a token with the word Bearer", client({ auth: `Bearer ${core}` })],
  ["a token that is bytes", client({ auth: wrong(Buffer.from(core)) })],
  ["a token in a list", client({ auth: wrong([core]) })],
  ["a token over plain HTTP", client({ baseUrl: "http://acme.example", auth: core })],
  ["a token in the address", client({ baseUrl: `https://user:${core}@acme.example` })],
  ["a token in the query", client({ baseUrl: `https://acme.example?token=${core}` })],
  ["an address that is none", client({ baseUrl: `acme.example:${core}` })],
  ["an organization with a line break", client({ orgId: `1\r\n${core}` })],
  [
    "another organization with a line break",
    () => createIdpClient({ baseUrl }).withOrg(`${core}\n`),
  ],
  ["a header with a line break", client({ headers: { "x-a": `a\r\n${core}` } })],
  ["a name of a header that is none", client({ headers: { [`${core} :`]: "x" } })],
  ["a token among headers", client({ headers: { authorization: `Bearer ${core}` } })],
  ["a deadline that is none", client({ timeoutMs: wrong(core) })],
  ["a wire that is none", client({ protocol: wrong(core) })],
  ["retries that are none", client({ retry: wrong({ maxAttempts: core }) })],
  [
    "a client secret that is no text",
    () => clientCredentials({ clientId: "c", clientSecret: wrong([core]) }),
  ],
  [
    "a client id that is no text",
    () => clientCredentials({ clientId: wrong({ core }), clientSecret: core }),
  ],
  [
    "an issuer with a password",
    () => clientCredentials({ clientId: "c", clientSecret: core, issuer: `https://u:${core}@x` }),
  ],
  [
    "scopes with blanks",
    () => clientCredentials({ clientId: "c", clientSecret: core, scopes: [`${core} x`] }),
  ],
  ["a key that is not a file", () => serviceAccount(core)],
  ["a key file that is cut off", () => serviceAccount(JSON.stringify(keyFile).slice(0, -9))],
  ["a key without its user", () => serviceAccount({ ...keyFile, userId: "" })],
  ["a key in a wrong form", () => serviceAccount({ ...keyFile, key: `${pem}${core}` })],
  ["a key with a wrong end", () => serviceAccount({ ...keyFile, expirationDate: core })],
  ["a supplier that is none", () => createTokenSource(wrong(core))],
])("%s is rejected without being repeated", (_, create) => {
  let thrown: unknown;
  try {
    create();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TypeError);
  const texts = [...collectErrorTexts(thrown)].map(([, text]) => text);
  expect(findMarkers(texts.join("\n"))).toEqual([]);
});

test.each<[what: string, options: Partial<IdpClientOptions>]>([
  ["a token", { auth: core }],
  ["a function that gives tokens", { auth: () => core }],
  ["a token source", { auth: createTokenSource(() => core) }],
  ["a client secret", { auth: clientCredentials({ clientId: "c", clientSecret: core }) }],
  ["headers", { headers: { "x-api-key": core } }],
])("a client with %s does not reveal it", (_, options) => {
  for (const shown of [client(options)(), client(options)().withOrg("2"), options.auth]) {
    // The function belongs to the caller, and its text is only in its source.
    const texts = [...collectErrorTexts(shown)].flatMap(([, text]) => text);
    expect(findMarkers(`${texts.join("\n")}${inspect(shown, { showHidden: true })}`)).toEqual(
      shown === core ? expect.anything() : [],
    );
  }
});

test("an unreadable key fails calls without being repeated", async () => {
  const auth = serviceAccount(
    { ...keyFile, key: pem.replace(core, `${core}AAA`) },
    { tokenEndpoint: "https://x" },
  );
  const error = await createIdpClient({ baseUrl, auth })
    .management.listProviders({})
    .catch((reason: unknown) => reason);
  const texts = [...collectErrorTexts(error)].map(([, text]) => text).join("\n");
  expect(texts).toContain("RSA private key");
  expect(findMarkers(texts)).toEqual([]);
});
