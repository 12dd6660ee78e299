import { setTimeout as sleep } from "node:timers/promises";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import type { Fault } from "zitadel-idp/emulator";
import { resolveCreate } from "zitadel-idp/providers";
import { hideClock } from "../support/hide-clock.js";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { findCreateMistake, type StoreAfterCreate } from "./find-create-mistake.js";
import {
  addDirectly,
  type Create,
  type CreateMethod,
  createMethods,
  type CreateResult,
  typeNames,
} from "./create-methods.js";
import { backgroundPrefix, type RecordedRequest } from "./journal.js";
import { callFaults, hidesOutcome, type PlannedFault } from "./call-faults.js";
import { describeRequest } from "./recorder.js";
import { pickWeighted, createSeededRandom } from "./seeded-random.js";
import { operationHeader } from "./campaign-server.js";
import type { BackgroundContext } from "./background-context.js";
import { retryStep } from "./retry-step.js";

/** The figures of creates whose response was lost. */
export interface LostCreateFigures {
  /** Creates that the server carried out, and whose response was lost. */
  lost: number;
  /** Lost creates that the search found. */
  found: number;
  /** Lost creates with a duplicate by another client, which were reported as ambiguous. */
  ambiguous: number;
  /** Lost creates whose search failed because the server was down. */
  unread: number;
  /** Creates that were lost before the server carried them out. */
  notCreated: number;
  /** Creates whose response headers do not show the server's clock. */
  withoutClock: number;
}

export const createLostCreateFigures = (): LostCreateFigures => ({
  lost: 0,
  found: 0,
  ambiguous: 0,
  unread: 0,
  notCreated: 0,
  withoutClock: 0,
});

/** Lost creates in one organization, one after the other. */
export interface LostCreatesTask {
  readonly orgId: string;
  readonly number: number;
  readonly creates: number;
  /** The search under test. Tests of the campaign pass a wrong one. */
  readonly resolve?: typeof resolveCreate | undefined;
  /** The parts of the plan that do not depend on the random seed. Default: all parts do. */
  readonly fixedPlan?: FixedCreatePlan | undefined;
}

/** The parts of a create's plan that a test can fix. */
export type FixedCreatePlan = Partial<
  Pick<PlannedCreate, "method" | "hidesClock" | "timeoutMs" | "duplicateAfterMs">
>;

/** Creates providers, loses the responses, and compares the result that each caller gets with the store. */
export async function loseCreates(
  { orgId, number, creates, resolve = resolveCreate, fixedPlan }: LostCreatesTask,
  background: BackgroundContext,
  figures: LostCreateFigures,
): Promise<void> {
  const wire = background.wires[number % background.wires.length] as WireName;
  const { server } = background;
  const common = {
    baseUrl: `http://localhost:${server.port}`,
    auth: server.cleanToken,
    timeoutMs: 10_000,
    retry: { initialPauseMs: 20, maxPauseMs: 200 },
  };
  await using other = createIdpClient({ ...common, protocol: "json" });
  for (let index = 0; index < creates; index++) {
    const name = `${backgroundPrefix}create-${number}-${index}`;
    const planned = {
      ...planCreate(createSeededRandom(background.seed, name), wire),
      ...fixedPlan,
    };
    await using client = createIdpClient({
      ...common,
      protocol: wire,
      headers: { [operationHeader]: name },
      interceptors: planned.hidesClock ? [hideClock] : [],
    });
    const create = { ...planned, name, client: client.withOrg(orgId), resolve };
    const context = { orgId, wire, other: other.withOrg(orgId), background, figures };
    await loseCreate(create, context);
  }
}

/** The plan of a create, which depends on the random seed. */
interface PlannedCreate extends Pick<Create, "type" | "hidesClock" | "timeoutMs"> {
  readonly kind: PlannedFault;
  readonly fault: Fault;
  readonly method: CreateMethod;
  /** The time from the arrival of the Add to the call that creates a duplicate. Undefined: there is no duplicate. */
  readonly duplicateAfterMs: number | undefined;
}

function planCreate(random: Random, wire: WireName): PlannedCreate {
  const isCreated = random.chance(0.92);
  const kind = pickWeighted(random, findLosses(wire, isCreated));
  return {
    kind,
    fault: kind.make(random),
    type: random.pick(typeNames),
    hidesClock: random.chance(0.2),
    // A run of `apply` searches for five seconds if it finds nothing.
    method: random.pick(methodNames.filter((each) => isCreated || each !== "apply")),
    timeoutMs: isCreated ? 15_000 : 600,
    duplicateAfterMs: isCreated && random.chance(0.25) ? random.integer(30) : undefined,
  };
}

const methodNames = Object.keys(createMethods) as CreateMethod[];

/** A create with its plan. */
type LostCreate = Create & PlannedCreate;

/** The clients and records that one create uses. */
interface CreateContext {
  readonly orgId: string;
  readonly wire: WireName;
  /** Another client of the same organization. */
  readonly other: IdpClient;
  readonly background: BackgroundContext;
  readonly figures: LostCreateFigures;
}

async function loseCreate(create: LostCreate, context: CreateContext): Promise<void> {
  const { name, method, kind, fault, duplicateAfterMs, hidesClock } = create;
  const { orgId, other, background, figures } = context;
  let duplicate: Promise<string | undefined> | undefined;
  const onAdd = (): void => {
    duplicate =
      duplicateAfterMs === undefined ? undefined : createDuplicate(other, create, duplicateAfterMs);
  };
  background.server.planLostResponse(name, { chosen: { kind, fault }, onAdd });
  const result = await background.failIfHanging(createMethods[method](create), name);
  const duplicateId = await duplicate;
  await background.waitUntilIdle([name]);

  const providers = background.server.state.organizations.get(orgId)?.providers.values() ?? [];
  const stored = [...providers].filter(({ view }) => view.name === name);
  // If a restart lost the response to the duplicate, the store does not show which of the two is the duplicate.
  const canCheck = duplicate === undefined || duplicateId !== undefined;
  checkLostCreate(create, context, result, canCheck ? { stored, duplicateId } : undefined);
  const wasCreated = countWrites(background.journal.of(name)) > 0;
  figures[wasCreated ? "lost" : "notCreated"]++;
  figures.found += wasCreated && result.status === "created" ? 1 : 0;
  figures.ambiguous += wasCreated && result.status === "ambiguous" ? 1 : 0;
  figures.unread += wasCreated && result.status === "unread" ? 1 : 0;
  figures.withoutClock += hidesClock ? 1 : 0;
  for (const { view } of stored) {
    await retryStep(() => other.management.deleteProvider({ id: view.id }));
  }
}

/** Compares the result of a create with its requests and the store. */
function checkLostCreate(
  { name, method, hidesClock }: LostCreate,
  { wire, background }: CreateContext,
  result: CreateResult,
  store: Omit<StoreAfterCreate, "listedMs"> | undefined,
): void {
  const { journal, recorder } = background;
  const requests = journal.of(name);
  const lists = requests.filter(({ rpc }) => rpc?.endsWith("/ListProviders"));
  const listedMs = performance.timeOrigin + (lists.at(-1)?.startedMs ?? 0);
  const mistake = store && findCreateMistake(result, { ...store, listedMs });
  const described = requests.map((each) => describeRequest(each, each.startedMs)).join(" ");
  const text = [
    `${name}, ${method} over ${wire}${hidesClock ? " without a clock" : ""}: `,
    `reported ${result.status} ${result.id ?? ""} (${result.text}); requests: ${described}`,
  ].join("");
  if (countWrites(requests) > 1) {
    recorder.addViolation("duplicate", text);
  }
  if (mistake !== undefined) {
    recorder.addViolation("wrongResolve", `${text}; ${mistake}`);
  }
}

function countWrites(requests: readonly RecordedRequest[]): number {
  return requests.filter(({ events }) => events > 0).length;
}

/** Creates a provider with the same content. Returns its id, or undefined if a restart of the server lost the response. */
async function createDuplicate(
  other: IdpClient,
  create: Create,
  afterMs: number,
): Promise<string | undefined> {
  await sleep(afterMs);
  return await addDirectly(other, create).then(
    ({ id }) => id,
    () => undefined,
  );
}

/** Returns the faults that lose a response, after the server carries out the call (`isCreated`) or before. */
function findLosses(wire: WireName, isCreated: boolean): PlannedFault[] {
  return callFaults.filter(
    (kind) =>
      hidesOutcome(kind, wire) !== false &&
      (kind.name.endsWith("after") || kind.name.startsWith("truncate")) === isCreated,
  );
}
