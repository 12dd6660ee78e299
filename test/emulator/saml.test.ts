import { X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Code, ConnectError, createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";

const metadata = (entity: string): string =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entity}"><IDPSSODescriptor/></EntityDescriptor>`;

/** The response for each path of the provider's web server. */
const pages: Readonly<Record<string, [status: number, type: string, body: string]>> = {
  "/a": [200, "application/samlmetadata+xml", metadata("a")],
  "/b": [200, "application/samlmetadata+xml", metadata("b")],
  "/text": [200, "text/plain", metadata("a")],
  "/html": [200, "text/html", "<html><body>Sign in</body></html>"],
  "/empty": [200, "application/samlmetadata+xml", ""],
  "/500": [500, "text/plain", "no"],
  "/404md": [404, "application/samlmetadata+xml", metadata("a")],
};

let web: Server;
let origin: string;
beforeAll(async () => {
  web = createServer(({ url = "" }, response) => {
    if (url === "/302") {
      response.writeHead(302, { location: "/a" }).end();
      return;
    }
    const [status, type, body] = pages[url] ?? [404, "text/plain", ""];
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterAll(() => web.close());

function start(allowPrivateUrls: boolean): { emulator: Emulator; client: IdpClient } {
  const emulator = createEmulator({ seed: { instance: { allowPrivateUrls } } });
  const client = createIdpClient({
    baseUrl: emulator.url,
    auth: emulator.token,
    fetch: emulator.fetch,
  });
  return { emulator, client };
}

function fromUrl(path: string): {
  name: string;
  metadata: { case: "metadataUrl"; value: string };
} {
  return { name: "saml", metadata: { case: "metadataUrl", value: origin + path } };
}

async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "ok",
    (reason: unknown) => {
      const { code, rawMessage } = ConnectError.from(reason);
      return `${Code[code]}: ${rawMessage}`;
    },
  );
}

const missing = "InvalidArgument: SAML metadata is missing";
const malformed = "InvalidArgument: SAML Metadata format error";

describe("SAML metadata by URL", () => {
  const { client } = start(true);
  test.each([
    ["/a", "ok", "ok"],
    ["/text", "ok", "ok"],
    ["/302", "ok", "ok"],
    ["/html", `${malformed} (ORG-SF3rwhgh)`, `${malformed} (INST-SF3rwhgh)`],
    [
      "/empty",
      `${malformed} (ORG-SF3rwhgh)`,
      "InvalidArgument: Errors.Invalid.Argument (INST-3bi3esi16t)",
    ],
    ["/500", `${missing} (ORG-ipzxvf3cv2)`, `${missing} (INST-8vam1khq22)`],
    ["/404md", `${missing} (ORG-ipzxvf3cv2)`, `${missing} (INST-8vam1khq22)`],
    ["/nope", `${missing} (ORG-ipzxvf3cv2)`, `${missing} (INST-8vam1khq22)`],
  ])("%s: %s; on the instance: %s", async (path, inOrg, onInstance) => {
    expect([
      await outcome(client.management.addSAMLProvider(fromUrl(path))),
      await outcome(client.admin.addSAMLProvider(fromUrl(path))),
    ]).toEqual([inOrg, onInstance]);
  });

  test("is stored as fetched, and fetched again by an update with a URL", async () => {
    const { id } = await client.management.addSAMLProvider(fromUrl("/a"));
    const stored = async (): Promise<string> => {
      const { idp } = await client.management.getProviderByID({ id });
      const { config } = idp?.config ?? {};
      return config?.case === "saml" ? new TextDecoder().decode(config.value.metadataXml) : "";
    };
    expect(await stored()).toBe(metadata("a"));
    await client.management.updateSAMLProvider({ id, ...fromUrl("/b") });
    expect(await stored()).toBe(metadata("b"));
  });

  test("is fetched from a loopback address only if the seed allows it", async () => {
    const strict = start(false);
    expect(await outcome(strict.client.management.addSAMLProvider(fromUrl("/a")))).toBe(
      `${missing} (ORG-ipzxvf3cv2)`,
    );
  });
});

describe("the service provider's documents", () => {
  const { emulator, client } = start(true);
  const read = (id: string, document: string): Promise<Response> =>
    emulator.fetch(`${emulator.url}/idps/${id}/saml/${document}`);

  /** Returns the certificates in the metadata, in base64. */
  async function certificates(id: string): Promise<string[]> {
    const response = await read(id, "metadata");
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "application/samlmetadata+xml",
    ]);
    const text = await response.text();
    expect(text).toContain(`entityID="${emulator.url}/idps/${id}/saml/metadata"`);
    expect(text).toContain(`Location="${emulator.url}/idps/${id}/saml/acs"`);
    return [...text.matchAll(/<X509Certificate>([^<]+)</g)].map(([, base64 = ""]) => base64);
  }

  test("contain a self-signed certificate, which is in them twice if requests are signed", async () => {
    const { id } = await client.management.addSAMLProvider(fromUrl("/a"));
    const [first = "", ...others] = await certificates(id);
    expect(others).toEqual([]);
    const certificate = new X509Certificate(Buffer.from(first, "base64"));
    expect([
      certificate.subject,
      certificate.issuer,
      certificate.verify(certificate.publicKey),
      certificate.publicKey.asymmetricKeyDetails?.modulusLength,
    ]).toEqual(["O=ZITADEL", "O=ZITADEL", true, 4096]);
    const file = await (await read(id, "certificate")).text();
    expect(new X509Certificate(file).raw).toEqual(certificate.raw);

    await client.management.updateSAMLProvider({ id, ...fromUrl("/b"), withSignedRequest: true });
    expect(await certificates(id)).toEqual([first, first]);
  }, 60_000);

  test("are not served for a provider of another type or an unknown provider", async () => {
    const { id } = await client.management.addGenericOIDCProvider({
      name: "oidc",
      issuer: "i",
      clientId: "c",
      clientSecret: "s",
    });
    const answers = await Promise.all([id, "1", "x"].map((each) => read(each, "metadata")));
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 404]);
  });
});
