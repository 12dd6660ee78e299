import { join } from "node:path";
import { expectCommand } from "../expect.js";
import type { Peer } from "../peer.js";
import { installPythonPackages, peersDirectory } from "../tools.js";

const pythonPeer = (id: string, name: string, checks: string): Peer => ({
  id,
  name,
  checks,
  async run({ url, address, token, clientId, clientSecret, keyFile }) {
    const file = await installPythonPackages();
    const printed = await expectCommand({
      file,
      args: [join(peersDirectory, "python", `check_${id}.py`)],
      env: {
        ISSUER: url,
        ADDRESS: address,
        TOKEN: token,
        CLIENT_ID: clientId,
        CLIENT_SECRET: clientSecret,
        KEY_FILE: keyFile,
      },
    });
    return printed.trim();
  },
});

export const pythonPeers: readonly Peer[] = [
  pythonPeer(
    "grpcio",
    "grpcio for Python",
    "reflection, and calls with the messages that it describes",
  ),
  pythonPeer(
    "authlib",
    "Authlib for Python",
    "client credentials, the JWT of a key file, and the keys of id_tokens",
  ),
];
