import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { clientCredentials } from "zitadel-idp/auth";
import { failureOf } from "../support/failure.js";

let server: Server;
let baseUrl: string;
let status = 0;
beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(status, { "content-type": "text/html" }).end("<p>t0ps3cret</p>");
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const ownAddress = /is http:\/\/localhost:\d+ the instance's own address\?/;

test.each<[status: number, code: Code, text: RegExp, isAddress: boolean]>([
  [403, Code.FailedPrecondition, /configure localhost:\d+ to allow the paths of the API/, false],
  [404, Code.FailedPrecondition, ownAddress, true],
  [408, Code.Unavailable, /the request timed out/, false],
  [413, Code.FailedPrecondition, /the request is too large/, false],
  [414, Code.FailedPrecondition, /the URL of the request is too long/, false],
  [429, Code.Unavailable, /rate limit/, false],
  [431, Code.FailedPrecondition, /the headers of the request are too large/, false],
  [502, Code.Unavailable, /check that ZITADEL runs/, false],
  [504, Code.Unavailable, /in time/, false],
  [521, Code.Unavailable, /refuses connections from Cloudflare/, false],
])(
  "a page with HTTP %i at the token endpoint is explained",
  async (given, code, text, isAddress) => {
    status = given;
    const auth = clientCredentials({
      clientId: "ci",
      clientSecret: "t0ps3cret",
      tokenEndpoint: `${baseUrl}/oauth/v2/token`,
    });
    await using client = createIdpClient({ baseUrl, auth, retry: false });
    const error = await failureOf(client.management.listProviders({}));
    expect(error).toMatchObject({ code, outcome: "not_done" });
    expect(error.message).toContain(`answered HTTP ${given}`);
    expect(error.message).toMatch(text);
    expect(ownAddress.test(error.message)).toBe(isAddress);
    expect(error.message).not.toContain("t0ps3cret");
  },
);
