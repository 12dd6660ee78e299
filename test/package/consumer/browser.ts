/** Code for a browser: it must compile without the types of Node.js. */
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createTokenSource } from "zitadel-idp/auth";
import { createAdminClient } from "zitadel-idp/admin";
import { createEmulator } from "zitadel-idp/emulator";
import { type Provider, ProviderType } from "zitadel-idp/idp";
import { createManagementClient } from "zitadel-idp/management";
import { auth, org } from "zitadel-idp/policy";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import { createJsonTransport } from "zitadel-idp/transport/json";

const baseUrl = "https://acme.zitadel.cloud";

export const zitadel: IdpClient = createIdpClient({
  baseUrl,
  auth: createTokenSource(() => "token"),
  orgId: "1",
});

const emulator = createEmulator();

export const emulated: IdpClient = createIdpClient({
  baseUrl: emulator.url,
  auth: emulator.token,
  fetch: emulator.fetch,
});

export async function oidcProviders(): Promise<Provider[]> {
  const interceptors = [auth("token"), org("1")];
  const management = createManagementClient(createGrpcWebTransport({ baseUrl, interceptors }));
  const admin = createAdminClient(createJsonTransport({ baseUrl, interceptors }));
  const lists = await Promise.all([management.listProviders({}), admin.listProviders({})]);
  return lists.flatMap(({ result }) => result).filter(({ type }) => type === ProviderType.OIDC);
}
