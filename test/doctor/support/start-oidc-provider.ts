import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import { createKeyPair } from "../../support/rsa-keys.js";

/** A real OpenID Connect provider, with one client. */
export interface RunningOidcProvider extends AsyncDisposable {
  readonly issuer: string;
}

/** Starts the provider of the package `oidc-provider`. `configuration` is added to a usual one. */
export async function startOidcProvider(
  configuration: Readonly<Record<string, unknown>> = {},
): Promise<RunningOidcProvider> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const key = createKeyPair().privateKey.export({ format: "jwk" });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "zitadel",
        client_secret: "secret-of-the-client",
        redirect_uris: ["https://zitadel.example/idps/callback"],
      },
    ],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    jwks: { keys: [{ ...key, use: "sig", alg: "RS256", kid: "rsa-1" }] },
    ...configuration,
  });
  server.on("request", provider.callback());
  return {
    issuer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
