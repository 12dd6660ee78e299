import { setTimeout as sleep } from "node:timers/promises";
import type { Interceptor } from "@connectrpc/connect";
import {
  ConnectError,
  createIdpClient,
  type IdpClient,
  isOutcomeUnknown,
  isZitadelError,
} from "zitadel-idp";
import { TextQueryMethod } from "zitadel-idp/idp";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  type ProviderSettings,
  resolveCreate,
  UnresolvedCreateError,
} from "zitadel-idp/providers";
import type { StoredProvider } from "../../src/emulator/store/stored-provider.js";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { sidePrefix } from "./journal.js";
import { callFaults, hidesOutcome, type PlannedFault } from "./planned-faults.js";
import { describeRequest } from "./recorder.js";
import { pickWeighted, randomOf } from "./seeded.js";
import { operationHeader } from "./server.js";
import type { Side } from "./side.js";
import { untilDone } from "./until-done.js";

/** The figures of the creates whose response was lost. */
export interface LostCreateFigures {
  /** Creates that the server carried out, and whose response was lost. */
  lost: number;
  /** Lost creates that were found again. */
  found: number;
  /** Lost creates beside a twin that another client made, which were told as ambiguous. */
  ambiguous: number;
  /** Creates that were lost before the server carried them out. */
  notMade: number;
  /** Creates over connections whose headers do not show the server's clock. */
  withoutClock: number;
}

export const noLostCreateFigures = (): LostCreateFigures => ({
  lost: 0,
  found: 0,
  ambiguous: 0,
  notMade: 0,
  withoutClock: 0,
});

/** A part of the lost creates, one after the other, in an organization of its own. */
export interface LostCreates {
  readonly orgId: string;
  readonly number: number;
  readonly creates: number;
  /** The search under test. A test may put a wrong one in its place. */
  readonly resolve?: typeof resolveCreate | undefined;
}

/** The settings of the created providers, without their names. They fit the requests of the RPCs too. */
const client = { clientId: "client", clientSecret: "secret" };
const settingsByType = {
  google: { rpc: "addGoogleProvider", settings: client },
  github: { rpc: "addGitHubProvider", settings: client },
  gitlab: { rpc: "addGitLabProvider", settings: client },
  oidc: {
    rpc: "addGenericOIDCProvider",
    settings: { ...client, issuer: "https://a.example", scopes: ["openid"] },
  },
} as const;
type TypeName = keyof typeof settingsByType;
const typeNames = Object.keys(settingsByType) as TypeName[];

/** The result of a create as its caller was told. */
interface Result {
  readonly told: "made" | "ambiguous" | "not_found" | "not_done" | "failed";
  readonly id?: string | undefined;
  readonly text: string;
}

/** One create, with everything that was planned for it. */
interface Create {
  readonly type: TypeName;
  readonly name: string;
  readonly operation: string;
  readonly client: IdpClient;
  readonly isBlind: boolean;
  readonly timeoutMs: number;
  readonly resolve: typeof resolveCreate;
}

/** The ways in which programs create a provider. */
const ways: Readonly<Record<string, (create: Create) => Promise<Result>>> = {
  "add and resolveCreate": addAndResolve,
  "providers.add": addProvider,
  apply: applyDesired,
};

/** So long after a twin was made, each search shows it. It is longer than lists lag, on a busy machine. */
const visibleAfterMs = 300;

/** Loses creates, one after the other, and compares what their callers are told with the store. */
export async function loseCreates(
  { orgId, number: lane, creates, resolve = resolveCreate }: LostCreates,
  side: Side,
  figures: LostCreateFigures,
): Promise<void> {
  const wire = side.wires[lane % side.wires.length] as WireName;
  for (let index = 0; index < creates; index++) {
    const operation = `${sidePrefix}create-${lane}-${index}`;
    const random = randomOf(side.seed, operation);
    await loseOne({ orgId, wire, operation, random, resolve }, side, figures);
  }
}

interface Loss {
  readonly orgId: string;
  readonly wire: WireName;
  readonly operation: string;
  readonly random: Random;
  readonly resolve: typeof resolveCreate;
}

async function loseOne(
  { orgId, wire, operation, random, resolve }: Loss,
  side: Side,
  figures: LostCreateFigures,
): Promise<void> {
  const { server } = side;
  const owner = server.state.organizations.get(orgId);
  if (owner === undefined) {
    throw new Error(`no organization ${orgId}`);
  }
  const isMade = random.chance(0.92);
  const kind = pickWeighted(random, lossesOver(wire, isMade));
  const isBlind = random.chance(0.2);
  const type = random.pick(typeNames);
  const way = random.pick(
    Object.keys(ways).filter((each) => isMade || each !== "apply"),
  ) as keyof typeof ways;
  const baseUrl = `http://localhost:${server.port}`;
  const common = { baseUrl, auth: server.cleanToken, timeoutMs: 10_000 };
  const retry = { initialPauseMs: 20, maxPauseMs: 200 };
  await using other = createIdpClient({ ...common, retry, protocol: "json" });
  await using own = createIdpClient({
    ...common,
    retry,
    protocol: wire,
    headers: { [operationHeader]: operation },
    interceptors: isBlind ? [hideClock] : [],
  });
  const create: Create = {
    type,
    name: operation,
    operation,
    client: own.withOrg(orgId),
    isBlind,
    timeoutMs: isMade ? 5000 : 600,
    resolve,
  };

  let twin: Promise<string | undefined> = Promise.resolve(undefined);
  const hasTwin = isMade && random.chance(0.25);
  const twinAfterMs = random.integer(30);
  const makeTwin = async (): Promise<string | undefined> => {
    await sleep(twinAfterMs);
    return await addDirectly(other.withOrg(orgId), create).then(
      ({ id }) => id,
      () => undefined,
    );
  };
  server.planLoss(operation, {
    chosen: { kind, fault: kind.make(random) },
    onAdd: () => {
      twin = hasTwin ? makeTwin() : twin;
    },
  });
  const result = await side.inTime((ways[way] as (typeof ways)[string])(create), operation);
  const endedMs = Date.now();
  const twinId = await twin;
  await side.rest([operation]);

  const stored = [...owner.providers.values()].filter(({ view }) => view.name === create.name);
  const problem = judge(result, stored, { hasTwin, twinId, endedMs });
  const writes = side.journal.of(operation).filter(({ events }) => events > 0).length;
  const about = `${operation}, ${way} of ${type} over ${wire}${isBlind ? " without a clock" : ""}: told ${result.told} ${result.id ?? ""} (${result.text})`;
  const report = (violation: "twice" | "resolve" | "lost", what: string): void => {
    const seen = side.journal
      .of(operation)
      .map((each) => describeRequest(each, each.startedMs))
      .join(" ");
    side.recorder.violation(violation, `${about}; ${what}; requests: ${seen}`);
  };
  if (writes > 1) {
    report("twice", `added ${writes} times`);
  }
  if (problem !== undefined) {
    report("resolve", problem);
  }
  figures[writes > 0 ? "lost" : "notMade"]++;
  figures.found += writes > 0 && result.told === "made" ? 1 : 0;
  figures.ambiguous += writes > 0 && result.told === "ambiguous" ? 1 : 0;
  figures.withoutClock += isBlind ? 1 : 0;
  for (const { view } of stored) {
    await untilDone(() => other.withOrg(orgId).management.deleteProvider({ id: view.id }));
  }
}

/** Returns the faults by which the response of a call is lost, after or before the call was carried out. */
function lossesOver(wire: WireName, isMade: boolean): PlannedFault[] {
  return callFaults.filter(
    (kind) =>
      hidesOutcome(kind, wire) !== false &&
      (kind.name.endsWith("after") || kind.name.startsWith("truncate")) === isMade,
  );
}

/** Removes all headers that show the server's clock, as a careless proxy does. */
const hideClock: Interceptor = (next) => async (request) => {
  const hide = (headers: Headers): void => {
    for (const name of ["date", "expires", "grpc-metadata-expires"]) {
      headers.delete(name);
    }
  };
  try {
    const response = await next(request);
    hide(response.header);
    return response;
  } catch (error) {
    if (error instanceof ConnectError) {
      hide(error.metadata);
    }
    throw error;
  }
};

/** Returns the mistake in what the caller was told, if there is one. */
function judge(
  { told, id }: Result,
  stored: readonly StoredProvider[],
  { hasTwin, twinId, endedMs }: { hasTwin: boolean; twinId: string | undefined; endedMs: number },
): string | undefined {
  const own = stored.map(({ view }) => view.id).filter((each) => each !== twinId);
  if (hasTwin && twinId === undefined) {
    // A restart of the server took the response of the twin, so the store does not show whose each provider is.
    return undefined;
  }
  const [only] = own;
  if (own.length > 1) {
    return `the store has ${own.join()}`;
  }
  const twin = stored.find(({ view }) => view.id === twinId);
  const twinMs = twin === undefined ? Number.POSITIVE_INFINITY : createdMs(twin);
  switch (told) {
    case "made":
      return id !== only
        ? `the store has ${only ?? "nothing"}`
        : twinMs + visibleAfterMs < endedMs
          ? `the twin ${twinId} was not told`
          : undefined;
    case "ambiguous":
      return twin === undefined ? "there is no twin" : undefined;
    case "not_found":
      return only === undefined ? undefined : `did not find ${only}`;
    case "not_done":
      return only === undefined ? undefined : `the store has ${only}`;
    case "failed":
      return "failed";
  }
}

function createdMs({ view: { details } }: StoredProvider): number {
  const { seconds = 0n, nanos = 0 } = details?.creationDate ?? {};
  return Number(seconds) * 1000 + nanos / 1e6;
}

async function addDirectly(
  { management }: IdpClient,
  { type, name }: Create,
): Promise<{ id: string }> {
  const { rpc, settings } = settingsByType[type];
  return await management[rpc as "addGenericOIDCProvider"]({ ...settings, name } as never);
}

/** Adds a provider with the RPC, and searches for it if the outcome is unknown. Without a clock, it lists the providers before. */
async function addAndResolve(create: Create): Promise<Result> {
  const { client: own, type, name, isBlind, timeoutMs, resolve } = create;
  const { rpc, settings } = settingsByType[type];
  const known = isBlind ? await listIds(own, name) : undefined;
  try {
    return { told: "made", id: (await addDirectly(own, create)).id, text: "ok" };
  } catch (error) {
    if (!isZitadelError(error) || !isOutcomeUnknown(error)) {
      return resultOf(error);
    }
    const options = { since: error.startedAt, known, timeoutMs };
    const method = rpc as "addGenericOIDCProvider";
    return await resolve(own.management, method, { ...settings, name } as never, options).then(
      ({ id }): Result => ({ told: "made", id, text: error.message }),
      resultOf,
    );
  }
}

async function listIds({ management }: IdpClient, name: string): Promise<string[]> {
  const value = { name, method: TextQueryMethod.EQUALS };
  const { result } = await management.listProviders({
    queries: [{ query: { case: "idpNameQuery", value } }],
  });
  return result.map(({ id }) => id);
}

async function addProvider({ client: own, type, name, timeoutMs }: Create): Promise<Result> {
  const settings = { type, ...settingsByType[type].settings, name } as ProviderSettings;
  return await createProviders(own, { owner: "org" })
    .add(settings, { timeoutMs })
    .then(({ id }): Result => ({ told: "made", id, text: "ok" }), resultOf);
}

async function applyDesired({ client: own, type, name }: Create): Promise<Result> {
  const settings = { type, ...settingsByType[type].settings, name } as ProviderSettings;
  const desired: DesiredState = { organization: { providers: [settings] } };
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
function resultOf(error: unknown): Result {
  const text = String(error);
  if (error instanceof UnresolvedCreateError) {
    const isAmbiguous = error.candidates.length > 1;
    return { told: isAmbiguous ? "ambiguous" : "not_found", text };
  }
  const { outcome, providerId } = error as { outcome?: string; providerId?: string };
  return providerId !== undefined
    ? { told: "made", id: providerId, text }
    : { told: outcome === "not_done" ? "not_done" : "failed", text };
}
