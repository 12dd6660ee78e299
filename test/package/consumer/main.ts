/**
 * A program of a user who installed the package: imports every entry, calls the emulator over each protocol, and prints its
 * results as JSON.
 */
import { type Client, createClient } from "@connectrpc/connect";
import {
  Code,
  ConnectError,
  create,
  createIdpClient,
  type ErrorReason,
  fromJson,
  type Hooks,
  type IdpClient,
  type IdpClientOptions,
  isOutcomeUnknown,
  isZitadelError,
  type Protocol,
  type RequestEvent,
  type ResponseEvent,
  type RetryEvent,
  type RetryOptions,
  toJson,
  ZitadelError,
} from "zitadel-idp";
import { type AdminClient, AdminService, createAdminClient } from "zitadel-idp/admin";
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type EmulatorSeed,
  type Listener,
  type ListenOptions,
} from "zitadel-idp/emulator";
import { ErrorDetailSchema, IDPState, type Provider, ProviderSchema } from "zitadel-idp/idp";
import {
  AddGenericOIDCProviderRequestSchema,
  createManagementClient,
  type ManagementClient,
  ManagementService,
} from "zitadel-idp/management";
import {
  clientCredentials,
  createTokenSource,
  serviceAccount,
  type Token,
  type TokenSource,
} from "zitadel-idp/auth";
import { type TelemetryOptions, withTelemetry } from "zitadel-idp/otel";
import { auth, headers, org, withErrors, withRetry } from "zitadel-idp/policy";
import {
  createProviders,
  type DesiredState,
  type IdentityProvider,
  type ProviderPatch,
  type ProviderSettings,
  type ResolvedCreate,
  resolveCreate,
  UnresolvedCreateError,
} from "zitadel-idp/providers";
import {
  createGrpcTransport,
  type GrpcTransportOptions,
  Http2SessionManager,
} from "zitadel-idp/transport/grpc";
import {
  createGrpcWebTransport,
  type GrpcWebTransportOptions,
} from "zitadel-idp/transport/grpc-web";
import { createJsonTransport, type JsonTransportOptions } from "zitadel-idp/transport/json";

const seed: EmulatorSeed = {
  organizations: [{ id: "1000", name: "Acme" }],
  serviceUsers: [
    { name: "owner", organization: "Acme", token: "a-token", instanceRoles: ["IAM_OWNER"] },
  ],
};
const emulatorOptions: EmulatorOptions = { seed };
const emulator: Emulator = createEmulator(emulatorOptions);
const listenOptions: ListenOptions = { port: 0 };
const listener: Listener = await emulator.listen(listenOptions);

/** Adds, lists and deletes a provider, and asks for one that does not exist. */
async function tryFacade(protocol: Protocol | "auto") {
  const options: IdpClientOptions = {
    baseUrl: listener.url,
    auth: emulator.token,
    orgId: emulator.orgId,
    protocol,
  };
  await using zitadel: IdpClient = createIdpClient(options);
  const { id } = await zitadel.management.addGenericOIDCProvider({
    name: "Acme",
    issuer: "https://issuer.example",
    clientId: "client",
    clientSecret: "secret",
  });
  const { result } = await zitadel.management.listProviders({});
  await zitadel.management.deleteProvider({ id });
  return {
    protocol: zitadel.protocol,
    listed: result.map(describe),
    onInstance: (await zitadel.admin.listProviders({})).result.length,
    missing: await errorOf(zitadel.management.getProviderByID({ id })),
  };
}

/** Uses the caller's own Connect transports with the facade's interceptors. */
async function tryTransports() {
  const { url: baseUrl } = listener;
  const interceptors = [headers({ "x-requested-with": "test" }), auth("a-token"), org("1000")];
  const sessionManager = new Http2SessionManager(baseUrl);
  const json: JsonTransportOptions = { baseUrl, interceptors };
  const grpcWeb: GrpcWebTransportOptions = { baseUrl, interceptors };
  const grpc: GrpcTransportOptions = { baseUrl, interceptors, sessionManager };
  const transports = [
    createJsonTransport(json),
    createGrpcWebTransport(grpcWeb),
    createGrpcTransport(grpc),
  ];
  const counts: number[] = [];
  for (const transport of transports) {
    const management: ManagementClient = createManagementClient(transport);
    const admin: AdminClient = createAdminClient(transport);
    const options: { signal?: AbortSignal; timeoutMs?: number } = {};
    const { signal, timeoutMs } = options;
    counts.push((await management.listProviders({}, { signal, timeoutMs })).result.length);
    counts.push((await admin.listProviders({}, { signal, timeoutMs })).result.length);
  }
  sessionManager.abort();
  return counts;
}

/** Uses a token source, and resolves an Add whose response is lost. */
async function tryProduction() {
  const events: string[] = [];
  const hooks: Hooks = {
    onRequest: ({ attributes }: RequestEvent) => events.push(String(attributes["rpc.method"])),
    onRetry: ({ error }: RetryEvent) => events.push(`again after ${error.reason}`),
    onResponse: ({ attempts }: ResponseEvent) => events.push(`${attempts} attempts`),
  };
  const retry: RetryOptions = { initialPauseMs: 0 };
  const token: Token = { accessToken: emulator.token, expiresAtMs: Date.now() + 60_000 };
  const source: TokenSource = createTokenSource(() => token);
  const observed = withTelemetry({ baseUrl: listener.url, auth: source, hooks, retry });
  await using zitadel = createIdpClient(observed);
  const request = { clientId: "client", clientSecret: "secret" };
  emulator.inject({ times: 1, fault: { type: "drop" }, rpc: "ListProviders" });
  emulator.inject({ times: 1, fault: { type: "drop", when: "after" }, rpc: "AddGoogleProvider" });
  await zitadel.management.listProviders({});
  try {
    await zitadel.management.addGoogleProvider(request);
  } catch (error) {
    if (!isZitadelError(error) || !isOutcomeUnknown(error)) {
      throw error;
    }
    const reason: ErrorReason | undefined = error.reason;
    const since = error.startedAt;
    const resolved: ResolvedCreate<Provider> = await resolveCreate(
      createClient(ManagementService, zitadel.transport),
      "addGoogleProvider",
      request,
      { since },
    );
    const management: Client<typeof ManagementService> = zitadel.management;
    await resolveCreate(management, "addGoogleProvider", request, { since });
    const transport = withErrors(withRetry(zitadel.transport), { protocol: "grpc" });
    await createManagementClient(transport).deleteProvider({ id: resolved.id });
    return { events, reason, isConnectError: error instanceof ConnectError };
  }
  return undefined;
}

function describe({ name, state }: Provider) {
  return toJson(ProviderSchema, create(ProviderSchema, { name, state }));
}

async function errorOf(call: Promise<unknown>) {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectError)) {
      throw error;
    }
    const ids = error.findDetails(ErrorDetailSchema).map((detail) => detail.id);
    return { code: Code[error.code], ids };
  }
}

const { usePkce } = fromJson(AddGenericOIDCProviderRequestSchema, { usePkce: true });
console.log(
  JSON.stringify({
    services: [ManagementService.typeName, AdminService.typeName],
    wires: [
      await tryFacade("auto"),
      await tryFacade("grpc"),
      await tryFacade("grpc-web"),
      await tryFacade("json"),
    ],
    transports: await tryTransports(),
    production: await tryProduction(),
    functions: [clientCredentials, serviceAccount, UnresolvedCreateError, ZitadelError].map(
      (each) => typeof each,
    ),
    usePkce,
    state: IDPState[IDPState.IDP_STATE_ACTIVE],
  }),
);
await emulator.close();

/** The union of provider types is narrowed by `type`. */
export function whereFrom(provider: IdentityProvider): string {
  switch (provider.type) {
    case "azureAd":
      return provider.tenant;
    case "ldap":
      return provider.servers.join() + provider.attributes.idAttribute;
    case "oidc":
    case "legacyOidc":
      return provider.issuer;
    default:
      return provider.name;
  }
}

export const settings: ProviderSettings = { type: "google", clientId: "c", clientSecret: "s" };
export const patch: ProviderPatch = { options: { isAutoUpdate: true } };
export const desired: DesiredState = {
  organization: { providers: [{ ...settings, active: true }] },
};
export const operations: typeof createProviders = createProviders;

/** Values that may be undefined, such as variables of the environment, compile as the value of each optional property. */
const maybe: string | undefined = process.env["NOT_SET"];
export const withUndefined: {
  client: IdpClientOptions;
  hooks: Hooks;
  telemetry: TelemetryOptions;
  emulator: EmulatorOptions;
  settings: ProviderSettings;
  patch: ProviderPatch;
  desired: DesiredState;
} = {
  client: { baseUrl: "https://acme.example", auth: maybe, orgId: maybe, hooks: undefined },
  hooks: { onRequest: undefined },
  telemetry: { propagate: undefined },
  emulator: { seed: undefined, lagMs: undefined },
  settings: { type: "google", clientId: "c", clientSecret: maybe, name: maybe },
  patch: { clientSecret: maybe, options: { isAutoUpdate: undefined } },
  desired: {
    organization: { providers: [{ type: "google", clientId: "c", clientSecret: maybe }] },
  },
};
export const sources: (() => TokenSource)[] = [
  () => clientCredentials({ clientId: maybe, clientSecret: maybe, issuer: maybe }),
  () => serviceAccount(maybe, { proxy: maybe, instanceHost: maybe, tls: { ca: maybe } }),
];
/** Requests of RPCs are strict on purpose: an undefined secret would be left out, and an update would keep the old one. */
// @ts-expect-error: the secret may be undefined
export const request: Parameters<ManagementClient["addGoogleProvider"]>[0] = {
  clientId: "c",
  clientSecret: maybe,
};
