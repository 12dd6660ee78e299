import type { Emulator } from "zitadel-idp/emulator";
import type { Context } from "./row.js";

const client = { clientId: "driver", clientSecret: "client-secret" };

/** Starts an emulator with one provider and the service user of the guides. */
export async function startEmulator({
  project,
}: Context): Promise<{ emulator: Emulator; url: string }> {
  const emulator = project.createEmulator({
    seed: {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        {
          name: client.clientId,
          organization: "1",
          token: "token-of-the-driver",
          instanceRoles: ["IAM_OWNER"],
          clientSecret: client.clientSecret,
        },
      ],
      providers: [
        {
          owner: "Acme",
          rpc: "AddGoogleProvider",
          request: { name: "First", clientId: "id", clientSecret: "s" },
        },
      ],
    },
  });
  return { emulator, url: (await emulator.listen()).url };
}

/** The environment of the apps. */
export function environment(url: string): Readonly<Record<string, string>> {
  return {
    ZITADEL_URL: url,
    ZITADEL_CLIENT_ID: client.clientId,
    ZITADEL_CLIENT_SECRET: client.clientSecret,
  };
}
