import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expectCommand } from "../expect.js";
import type { Peer } from "../peer.js";
import { buildGoModule } from "../tools.js";

const modules = ["google.golang.org/grpc", "github.com/zitadel/oidc/v3"];

export const goClient: Peer = {
  id: "go",
  name: "grpc-go with zitadel/oidc",
  checks: "the JWT of a key file, and a call with the token",
  async run({ url, address, keyFile }) {
    const { file, folder } = await buildGoModule();
    await expectCommand({
      file,
      args: [],
      env: { ISSUER: url, ADDRESS: address, KEY_FILE: keyFile },
    });
    const words = (await readFile(join(folder, "go.mod"), "utf8")).split(/\s+/);
    return modules.map((name) => words[words.indexOf(name) + 1]).join(" with ");
  },
};
