import { type IdpClient, isOutcomeUnknown, isZitadelError } from "zitadel-idp";
import { TextQueryMethod } from "zitadel-idp/idp";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  type ProviderSettings,
  type resolveCreate,
  UnresolvedCreateError,
} from "zitadel-idp/providers";

export type TypeName = "google" | "github" | "gitlab" | "oidc";

export const typeNames: readonly TypeName[] = ["google", "github", "gitlab", "oidc"];

/** The methods that add a provider of each type. */
const addMethods: Readonly<Record<TypeName, string>> = {
  google: "addGoogleProvider",
  github: "addGitHubProvider",
  gitlab: "addGitLabProvider",
  oidc: "addGenericOIDCProvider",
};

/** Returns the request that adds a provider. Its fields are also valid settings of `zitadel-idp/providers`. */
function requestOf({ type, name }: Create): Readonly<Record<string, unknown>> {
  const request = { name, clientId: "client", clientSecret: "secret" };
  return type === "oidc"
    ? { ...request, issuer: "https://a.example", scopes: ["openid"] }
    : request;
}

/** The result that the caller of a create got. */
export interface CreateResult {
  readonly status: "created" | "ambiguous" | "not_found" | "unread" | "not_done" | "failed";
  readonly id?: string | undefined;
  readonly text: string;
}

/** One create, with the parts of its plan. */
export interface Create {
  readonly type: TypeName;
  readonly name: string;
  readonly client: IdpClient;
  readonly hidesClock: boolean;
  readonly timeoutMs: number;
  readonly resolve: typeof resolveCreate;
}

export type CreateMethod = "add and resolveCreate" | "providers.add" | "apply";

/** The functions with which programs create a provider. */
export const createMethods: Readonly<
  Record<CreateMethod, (create: Create) => Promise<CreateResult>>
> = {
  "add and resolveCreate": addAndResolve,
  "providers.add": addProvider,
  apply: applyDesired,
};

/** Adds the provider of a create with the RPC. */
export async function addDirectly(
  { management }: IdpClient,
  create: Create,
): Promise<{ id: string }> {
  return await management[methodOf(create)](requestOf(create));
}

/** Returns the client's method for a create. All have the same signature, so the type is that of one of them. */
function methodOf({ type }: Create): "addGoogleProvider" {
  return addMethods[type] as "addGoogleProvider";
}

/** Adds a provider with the RPC, and searches for it if the outcome is unknown. Without a clock, lists the providers first. */
async function addAndResolve(create: Create): Promise<CreateResult> {
  const { client, hidesClock, timeoutMs, resolve } = create;
  const known = hidesClock ? await listIds(create) : undefined;
  try {
    return { status: "created", id: (await addDirectly(client, create)).id, text: "ok" };
  } catch (error) {
    if (!isZitadelError(error) || !isOutcomeUnknown(error)) {
      return resultOf(error);
    }
    const options = { since: error.startedAt, known, timeoutMs };
    return await resolve(client.management, methodOf(create), requestOf(create), options).then(
      ({ id }): CreateResult => ({ status: "created", id, text: error.message }),
      resultOf,
    );
  }
}

async function listIds({ client, name }: Create): Promise<string[]> {
  const value = { name, method: TextQueryMethod.EQUALS };
  const { result } = await client.management.listProviders({
    queries: [{ query: { case: "idpNameQuery", value } }],
  });
  return result.map(({ id }) => id);
}

async function addProvider(create: Create): Promise<CreateResult> {
  const { client, timeoutMs } = create;
  return await createProviders(client, { owner: "org" })
    .add(settingsOf(create), { timeoutMs })
    .then(({ id }): CreateResult => ({ status: "created", id, text: "ok" }), resultOf);
}

function settingsOf(create: Create): ProviderSettings {
  return { type: create.type, ...requestOf(create) } as ProviderSettings;
}

async function applyDesired(create: Create): Promise<CreateResult> {
  const { client } = create;
  const desired: DesiredState = { organization: { providers: [settingsOf(create)] } };
  try {
    const { results, duplicates = [] } = await apply(client, await plan(client, desired), desired);
    const [result] = results;
    if (duplicates.length > 0) {
      return { status: "ambiguous", text: "duplicates" };
    }
    return result?.status === "done"
      ? { status: "created", id: result.id, text: "ok" }
      : resultOf(result?.status === "failed" ? result.error : undefined);
  } catch (error) {
    return resultOf(error);
  }
}

/** Returns the result of a create that failed. */
function resultOf(error: unknown): CreateResult {
  const text = String(error);
  if (error instanceof UnresolvedCreateError) {
    const isUnread = error.message.includes("the search for it failed too");
    const isAmbiguous = error.candidates.length > 1;
    return { status: isAmbiguous ? "ambiguous" : isUnread ? "unread" : "not_found", text };
  }
  const { outcome, providerId } = error as { outcome?: string; providerId?: string };
  return providerId !== undefined
    ? { status: "created", id: providerId, text }
    : { status: outcome === "not_done" ? "not_done" : "failed", text };
}
