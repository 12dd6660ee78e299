import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import {
  clientCredentials,
  serviceAccount,
  type ServiceAccountKey,
} from "../../src/token-sources.js";
import type { IdpClientOptions } from "../../src/options/idp-client-options.js";
import { createAuthority, type TestAuthority } from "./certificates.js";
import { createKeyPair } from "./rsa-keys.js";
import { startTlsProxy, type TlsProxy } from "./tls-proxy.js";

/** The host name of the emulator. No name server knows it. */
export const serverName = "zitadel.test";

const { privatePkcs1, publicSpki } = createKeyPair();
const keyId = "300000000000000001";
const clientSecret = "secret-of-the-client";

/** The key file of the service user `caller`. */
export const keyOfCaller: ServiceAccountKey = {
  type: "serviceaccount",
  keyId,
  key: privatePkcs1,
  userId: "200000000000000001",
};

/** An emulator that listens without TLS, and behind a TLS proxy whose certificate is from a private authority. */
export interface TlsEmulator extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly authority: TestAuthority;
  readonly tlsProxy: TlsProxy;
  readonly plainPort: number;
  /** The base URLs of the emulator. */
  readonly secureUrl: string;
  readonly plainUrl: string;
  /** The value of `auth` for each kind of token. */
  readonly credentials: Readonly<Record<string, () => IdpClientOptions["auth"]>>;
}

/** The options of `startTlsEmulator`. */
interface TlsEmulatorOptions {
  /** The host name of the emulator. Default: `serverName`. */
  readonly domain?: string;
  /** True if TLS connections need a client certificate of the authority. Default: false. */
  readonly needsClientCertificate?: boolean;
}

/** Starts an emulator and a TLS proxy in front of it. */
export async function startTlsEmulator({
  domain = serverName,
  needsClientCertificate = false,
}: TlsEmulatorOptions = {}): Promise<TlsEmulator> {
  const emulator = createEmulator({
    seed: {
      instance: { domain },
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        {
          id: "200000000000000001",
          name: "caller",
          organization: "1",
          instanceRoles: ["IAM_OWNER"],
          token: "fixed-token-of-the-caller",
          keys: [{ id: keyId, publicKey: publicSpki }],
          clientSecret,
        },
      ],
    },
  });
  const { port: plainPort } = await emulator.listen();
  const authority = await createAuthority();
  const tlsProxy = await startTlsProxy(
    plainPort,
    await authority.issue(domain),
    needsClientCertificate ? authority.ca : undefined,
  );
  return {
    emulator,
    authority,
    tlsProxy,
    plainPort,
    secureUrl: `https://${domain}:${tlsProxy.port}`,
    plainUrl: `http://${domain}:${plainPort}`,
    credentials: {
      "a fixed token": () => emulator.token,
      "a service account": () => serviceAccount(keyOfCaller, { allowInsecureAuth: true }),
      "client credentials": () =>
        clientCredentials({ clientId: "caller", clientSecret, allowInsecureAuth: true }),
    },
    async [Symbol.asyncDispose]() {
      await tlsProxy[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}
