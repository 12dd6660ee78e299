import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { createKeyPair } from "../support/rsa-keys.js";

/** An emulator on a port, and the credentials of its service user. */
export interface PeerEmulator extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly url: string;
  /** The host and port of the emulator. */
  readonly address: string;
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The key file of the service user, as ZITADEL's console returns it. */
  readonly keyFile: string;
}

/** Starts an emulator for one client. */
export async function startPeerEmulator(): Promise<PeerEmulator> {
  const keyPair = createKeyPair();
  const [token, userId, keyId] = ["token-of-the-peer", "200000000000000001", "300000000000000001"];
  const [clientId, clientSecret] = ["peer", "secret-of-the-peer"];
  const emulator = createEmulator({
    seed: {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        {
          id: userId,
          name: clientId,
          organization: "1",
          token,
          clientSecret,
          keys: [{ id: keyId, publicKey: keyPair.publicSpki }],
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
  const { url, port } = await emulator.listen();
  const key = keyPair.privatePkcs1;
  return {
    emulator,
    url,
    address: `localhost:${port}`,
    token,
    clientId,
    clientSecret,
    keyFile: JSON.stringify({ type: "serviceaccount", keyId, key, userId }),
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}
