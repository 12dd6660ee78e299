import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expectCommand } from "../expect.js";
import type { Peer } from "../peer.js";
import { installNodePackages } from "../tools.js";

export const openidClient: Peer = {
  id: "openid-client",
  name: "openid-client",
  checks: "discovery, client credentials with an id_token, userinfo, introspection, revocation",
  async run({ url, clientId, clientSecret }) {
    const folder = await installNodePackages();
    await expectCommand({
      file: process.execPath,
      args: [join(folder, "openid-client.mjs")],
      env: { ISSUER: url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret },
    });
    const manifest = join(folder, "node_modules", "openid-client", "package.json");
    return (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;
  },
};
