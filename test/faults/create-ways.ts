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
const methods: Readonly<Record<TypeName, string>> = {
  google: "addGoogleProvider",
  github: "addGitHubProvider",
  gitlab: "addGitLabProvider",
  oidc: "addGenericOIDCProvider",
};

/** Returns the request that adds a provider. It fits the settings of its type too. */
function requestOf({ type, name }: Create): Readonly<Record<string, unknown>> {
  const request = { name, clientId: "client", clientSecret: "secret" };
  return type === "oidc"
    ? { ...request, issuer: "https://a.example", scopes: ["openid"] }
    : request;
}

/** The result of a create as its caller was told. */
export interface CreateResult {
  readonly told: "made" | "ambiguous" | "not_found" | "unread" | "not_done" | "failed";
  readonly id?: string | undefined;
  readonly text: string;
}

/** One create, with everything that was planned for it. */
export interface Create {
  readonly type: TypeName;
  readonly name: string;
  readonly client: IdpClient;
  readonly isBlind: boolean;
  readonly timeoutMs: number;
  readonly resolve: typeof resolveCreate;
}

export type WayName = "add and resolveCreate" | "providers.add" | "apply";

/** The ways in which programs create a provider. */
export const createWays: Readonly<Record<WayName, (create: Create) => Promise<CreateResult>>> = {
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

/** Returns the method of a create. The methods of all types have the same form, so that one stands for all. */
function methodOf({ type }: Create): "addGoogleProvider" {
  return methods[type] as "addGoogleProvider";
}

/** Adds a provider with the RPC, and searches for it if the outcome is unknown. Without a clock, it lists the providers before. */
async function addAndResolve(create: Create): Promise<CreateResult> {
  const { client: own, isBlind, timeoutMs, resolve } = create;
  const known = isBlind ? await listIds(create) : undefined;
  try {
    return { told: "made", id: (await addDirectly(own, create)).id, text: "ok" };
  } catch (error) {
    if (!isZitadelError(error) || !isOutcomeUnknown(error)) {
      return resultOf(error);
    }
    const options = { since: error.startedAt, known, timeoutMs };
    return await resolve(own.management, methodOf(create), requestOf(create), options).then(
      ({ id }): CreateResult => ({ told: "made", id, text: error.message }),
      resultOf,
    );
  }
}

async function listIds({ client: own, name }: Create): Promise<string[]> {
  const value = { name, method: TextQueryMethod.EQUALS };
  const { result } = await own.management.listProviders({
    queries: [{ query: { case: "idpNameQuery", value } }],
  });
  return result.map(({ id }) => id);
}

async function addProvider(create: Create): Promise<CreateResult> {
  const { client: own, timeoutMs } = create;
  return await createProviders(own, { owner: "org" })
    .add(settingsOf(create), { timeoutMs })
    .then(({ id }): CreateResult => ({ told: "made", id, text: "ok" }), resultOf);
}

function settingsOf(create: Create): ProviderSettings {
  return { type: create.type, ...requestOf(create) } as ProviderSettings;
}

async function applyDesired(create: Create): Promise<CreateResult> {
  const { client: own } = create;
  const desired: DesiredState = { organization: { providers: [settingsOf(create)] } };
  try {
    const { results, duplicates = [] } = await apply(own, await plan(own, desired), desired);
    const [result] = results;
    if (duplicates.length > 0) {
      return { told: "ambiguous", text: "duplicates" };
    }
    return result?.status === "done"
      ? { told: "made", id: result.id, text: "ok" }
      : resultOf(result?.status === "failed" ? result.error : undefined);
  } catch (error) {
    return resultOf(error);
  }
}

/** Returns what an error tells of a create. */
function resultOf(error: unknown): CreateResult {
  const text = String(error);
  if (error instanceof UnresolvedCreateError) {
    const isUnread = error.message.includes("the search for it failed too");
    const isAmbiguous = error.candidates.length > 1;
    return { told: isAmbiguous ? "ambiguous" : isUnread ? "unread" : "not_found", text };
  }
  const { outcome, providerId } = error as { outcome?: string; providerId?: string };
  return providerId !== undefined
    ? { told: "made", id: providerId, text }
    : { told: outcome === "not_done" ? "not_done" : "failed", text };
}
