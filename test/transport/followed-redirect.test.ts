import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, isZitadelError, type Protocol } from "zitadel-idp";
import { clientCredentials } from "zitadel-idp/auth";

/** A server that redirects each request to a page with status 200, which would be a success. */
const server = createServer((request, response) => {
  if (request.url === "/moved") {
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  } else {
    response.writeHead(302, { location: "/moved" }).end();
  }
});
let baseUrl: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, "localhost", resolve);
  });
  baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const following: typeof fetch = (url, init) => fetch(url, { ...init, redirect: "follow" });

/** React Native's `fetch`: its responses have no `redirected` and no stream. */
const reactNative: typeof fetch = async (url, init) => {
  const response = await following(url, init);
  const { status, headers, ok, url: address } = response;
  const arrayBuffer = (): Promise<ArrayBuffer> => response.arrayBuffer();
  return { status, headers, ok, url: address, arrayBuffer } as Response;
};

describe.each([
  ["a fetch that reports the redirect", following],
  ["a fetch that only reports the last address", reactNative],
])("a redirect that was followed by %s", (_name, ownFetch) => {
  test.each<Protocol>(["json", "grpc-web"])(
    "fails a write over %s as unknown",
    async (protocol) => {
      await using zitadel = createIdpClient({ baseUrl, auth: "t", protocol, fetch: ownFetch });
      const error: unknown = await zitadel.management
        .addGoogleProvider({ name: "Google", clientId: "id", clientSecret: "secret" })
        .catch((reason: unknown) => reason);
      expect(isZitadelError(error)).toBe(true);
      expect(error).toMatchObject({ reason: "redirect", outcome: "unknown", attempts: 1 });
    },
  );

  test("fails a request for a token", async () => {
    const auth = clientCredentials({ clientId: "ci", clientSecret: "secret" });
    await using zitadel = createIdpClient({ baseUrl, auth, fetch: ownFetch });
    await expect(zitadel.management.listProviders({})).rejects.toThrow("the discovery document");
  });
});

test("an address that only differs by a default port is no redirect", async () => {
  const ownFetch: typeof fetch = async (url) => {
    const address = String(url).replace(":443/", "/");
    const arrayBuffer = (): Promise<ArrayBuffer> => new Response("{}").arrayBuffer();
    const headers = new Headers({ "content-type": "application/json" });
    return { status: 200, ok: true, url: address, headers, arrayBuffer } as Response;
  };
  const options = { baseUrl: "https://acme.example:443", auth: "t", protocol: "json" } as const;
  await using zitadel = createIdpClient({ ...options, fetch: ownFetch });
  const { result } = await zitadel.management.listProviders({});
  expect(result).toEqual([]);
});
