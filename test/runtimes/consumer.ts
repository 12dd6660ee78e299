/**
 * A program that uses every entry of the package in the language of old compilers. It is compiled, never run. The lines that must
 * not compile prove that the types exist: a declaration that a compiler cannot read becomes `any`, which accepts everything.
 */
import { create as createMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient, createRouterTransport, type Interceptor } from "@connectrpc/connect";
import {
  Code,
  ConnectError,
  create,
  createIdpClient,
  type Hooks,
  type IdpClient,
  type IdpClientOptions,
  isZitadelError,
  type Protocol,
  toJson,
  ZitadelError,
} from "zitadel-idp";
import { type AdminClient, AdminService, createAdminClient } from "zitadel-idp/admin";
import { clientCredentials, serviceAccount, type TokenSource } from "zitadel-idp/auth";
import { createEmulator, type EmulatorSeed, type Fault } from "zitadel-idp/emulator";
import { IDPState, type Provider, ProviderSchema } from "zitadel-idp/idp";
import {
  AddGenericOIDCProviderRequestSchema,
  createManagementClient,
  type ManagementClient,
  ManagementService,
} from "zitadel-idp/management";
import { auth, headers, org, withErrors, withRetry } from "zitadel-idp/policy";
import { resolveCreate, type ResolvedCreate } from "zitadel-idp/providers";
import { createGrpcTransport } from "zitadel-idp/transport/grpc";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import { createJsonTransport } from "zitadel-idp/transport/json";

const baseUrl = "https://acme.zitadel.cloud";
const sources: TokenSource[] = [
  clientCredentials({ clientId: "ci", clientSecret: "secret" }),
  serviceAccount("{}"),
];
const hooks: Hooks = { onResponse: ({ attempts }) => console.log(attempts.toFixed()) };
const options: IdpClientOptions = { baseUrl, auth: sources[0], hooks, retry: { maxAttempts: 2 } };

export async function callFacade(protocol: Protocol): Promise<Provider | undefined> {
  const zitadel: IdpClient = createIdpClient({ ...options, protocol });
  const request = create(AddGenericOIDCProviderRequestSchema, { name: "Acme", clientId: "id" });
  const { id } = await zitadel.management.addGenericOIDCProvider(request);
  const made: ResolvedCreate<Provider> = await resolveCreate(
    zitadel.management,
    "addGenericOIDCProvider",
    request,
    { since: new Date() },
  );
  const { idp } = await zitadel.management.getProviderByID({ id: made.id });
  const config = idp?.config?.config;
  if (config?.case === "oidc") {
    const scopes: string[] = config.value.scopes;
    console.log(scopes, id.toUpperCase(), idp?.state === IDPState.IDP_STATE_ACTIVE);
  }
  await zitadel.close();
  // @ts-expect-error -- there is no such wire
  createIdpClient({ baseUrl, protocol: "soap" });
  // @ts-expect-error -- there is no such field
  await zitadel.management.addGoogleProvider({ clientID: "id" });
  // @ts-expect-error -- an id is text
  await zitadel.admin.deleteProvider({ id: 1 });
  // @ts-expect-error -- there is no such field
  void idp?.nickname;
  return idp;
}

export async function callTransports(): Promise<number> {
  const interceptors = [headers({ "x-requested-with": "ci" }), auth("token"), org("1")];
  const transports = [
    createGrpcTransport({ baseUrl, interceptors }),
    createGrpcWebTransport({ baseUrl, interceptors }),
    createJsonTransport({ baseUrl, interceptors }),
  ];
  let count = 0;
  for (const inner of transports) {
    const transport = withErrors(withRetry(inner), { protocol: "grpc" });
    const management: ManagementClient = createManagementClient(transport);
    const admin: AdminClient = createAdminClient(transport);
    const lists = await Promise.all([management.listProviders({}), admin.listProviders({})]);
    count += lists.flatMap(({ result }) => result).length;
  }
  // @ts-expect-error -- an interceptor is a function
  createJsonTransport({ baseUrl, interceptors: ["auth"] });
  return count;
}

/** Uses the caller's own Connect and protobuf-es, whose declarations are CommonJS or ES like those of the caller. */
export async function callOwnTransport(interceptor: Interceptor): Promise<string> {
  const transport = createRouterTransport(({ service }) => {
    service(ManagementService, { addGenericOIDCProvider: ({ name }) => ({ id: name }) });
  });
  const zitadel = createIdpClient({ transport: withRetry(transport), interceptors: [interceptor] });
  const init: MessageInitShape<typeof AddGenericOIDCProviderRequestSchema> = { name: "Acme" };
  const request = createMessage(AddGenericOIDCProviderRequestSchema, init);
  const { id } = await zitadel.management.addGenericOIDCProvider(request);
  const admin = createClient(AdminService, zitadel.transport);
  const { result } = await admin.listProviders({});
  const first: Provider | undefined = result[0];
  // @ts-expect-error -- an id is text
  await admin.deleteProvider({ id: 1 });
  // @ts-expect-error -- there is no such field
  createMessage(AddGenericOIDCProviderRequestSchema, { nickname: "Acme" });
  return id + (first?.name ?? "");
}

export async function callEmulator(seed: EmulatorSeed): Promise<string> {
  const emulator = createEmulator({ seed });
  const fault: Fault = { type: "status", code: Code.ResourceExhausted };
  emulator.inject({ rpc: "ListProviders", fault });
  // @ts-expect-error -- there is no such fault
  emulator.inject({ fault: { type: "earthquake" } });
  const { url, token, fetch } = emulator;
  const zitadel = createIdpClient({ baseUrl: url, auth: token, fetch });
  try {
    const { result } = await zitadel.management.listProviders({});
    return JSON.stringify(result.map((each) => toJson(ProviderSchema, each)));
  } catch (error) {
    if (error instanceof ZitadelError && isZitadelError(error, Code.ResourceExhausted)) {
      // @ts-expect-error -- an error of a call that was refused may have no id
      const id: string = error.id;
      return id;
    }
    return error instanceof ConnectError ? error.rawMessage : "";
  }
}

export const services: string[] = [ManagementService.typeName, AdminService.typeName];
