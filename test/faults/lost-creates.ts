import { setTimeout as sleep } from "node:timers/promises";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import type { Fault } from "zitadel-idp/emulator";
import { resolveCreate } from "zitadel-idp/providers";
import { hideClock } from "../support/hide-clock.js";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { findCreateMistake } from "./create-verdict.js";
import { addDirectly, type Create, createWays, typeNames, type WayName } from "./create-ways.js";
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
  /** Lost creates whose search could not read, because the server was away. */
  unread: number;
  /** Creates that were lost before the server carried them out. */
  notMade: number;
  /** Creates over connections whose headers do not show the server's clock. */
  withoutClock: number;
}

export const noLostCreateFigures = (): LostCreateFigures => ({
  lost: 0,
  found: 0,
  ambiguous: 0,
  unread: 0,
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
  /** The parts of the plan that are the same for all creates, instead of those that the seed gives. */
  readonly fixed?: FixedPlan | undefined;
}

/** A part of the plan of a create. */
export type FixedPlan = Partial<
  Pick<PlannedCreate, "way" | "isBlind" | "timeoutMs" | "twinAfterMs">
>;

/** Loses creates, one after the other, and compares what their callers are told with the store. */
export async function loseCreates(
  { orgId, number: lane, creates, resolve = resolveCreate, fixed }: LostCreates,
  side: Side,
  figures: LostCreateFigures,
): Promise<void> {
  const wire = side.wires[lane % side.wires.length] as WireName;
  const { server } = side;
  const common = {
    baseUrl: `http://localhost:${server.port}`,
    auth: server.cleanToken,
    timeoutMs: 10_000,
    retry: { initialPauseMs: 20, maxPauseMs: 200 },
  };
  await using other = createIdpClient({ ...common, protocol: "json" });
  for (let index = 0; index < creates; index++) {
    const name = `${sidePrefix}create-${lane}-${index}`;
    const planned = { ...planCreate(randomOf(side.seed, name), wire), ...fixed };
    await using own = createIdpClient({
      ...common,
      protocol: wire,
      headers: { [operationHeader]: name },
      interceptors: planned.isBlind ? [hideClock] : [],
    });
    const create = { ...planned, name, client: own.withOrg(orgId), resolve };
    await loseOne(create, { orgId, wire, other: other.withOrg(orgId), side, figures });
  }
}

/** A create as the seed plans it. */
interface PlannedCreate extends Pick<Create, "type" | "isBlind" | "timeoutMs"> {
  readonly kind: PlannedFault;
  readonly fault: Fault;
  readonly way: WayName;
  /** The time from the arrival of the Add to the call that makes a twin. Undefined: there is no twin. */
  readonly twinAfterMs: number | undefined;
}

function planCreate(random: Random, wire: WireName): PlannedCreate {
  const isMade = random.chance(0.92);
  const kind = pickWeighted(random, lossesOver(wire, isMade));
  return {
    kind,
    fault: kind.make(random),
    type: random.pick(typeNames),
    isBlind: random.chance(0.2),
    // A run of `apply` searches for five seconds if there is nothing to find.
    way: random.pick(wayNames.filter((each) => isMade || each !== "apply")),
    timeoutMs: isMade ? 15_000 : 600,
    twinAfterMs: isMade && random.chance(0.25) ? random.integer(30) : undefined,
  };
}

const wayNames = Object.keys(createWays) as WayName[];

/** The surroundings of one create. */
interface CreateScene {
  readonly orgId: string;
  readonly wire: WireName;
  /** Another client of the same organization. */
  readonly other: IdpClient;
  readonly side: Side;
  readonly figures: LostCreateFigures;
}

async function loseOne(
  create: Create & PlannedCreate,
  { orgId, wire, other, side, figures }: CreateScene,
): Promise<void> {
  const { name, way, kind, fault, twinAfterMs, isBlind } = create;
  let twin: Promise<string | undefined> | undefined;
  const onAdd = (): void => {
    twin = twinAfterMs === undefined ? undefined : makeTwin(other, create, twinAfterMs);
  };
  side.server.planLoss(name, { chosen: { kind, fault }, onAdd });
  const result = await side.inTime(createWays[way](create), name);
  const twinId = await twin;
  await side.rest([name]);

  const providers = side.server.state.organizations.get(orgId)?.providers.values() ?? [];
  const stored = [...providers].filter(({ view }) => view.name === name);
  const requests = side.journal.of(name);
  const lists = requests.filter(({ rpc }) => rpc?.endsWith("/ListProviders"));
  const listedMs = performance.timeOrigin + (lists.at(-1)?.startedMs ?? 0);
  const writes = requests.filter(({ events }) => events > 0).length;
  // If a restart of the server took the response of the twin, the store does not show whose each provider is.
  const isClear = twin === undefined || twinId !== undefined;
  const mistake = isClear ? findCreateMistake(result, { stored, twinId, listedMs }) : undefined;
  const about = `${name}, ${way} over ${wire}${isBlind ? " without a clock" : ""}: told ${result.told} ${result.id ?? ""} (${result.text}); requests: ${requests.map((each) => describeRequest(each, each.startedMs)).join(" ")}`;
  if (writes > 1) {
    side.recorder.violation("twice", about);
  }
  if (mistake !== undefined) {
    side.recorder.violation("resolve", `${about}; ${mistake}`);
  }
  figures[writes > 0 ? "lost" : "notMade"]++;
  figures.found += writes > 0 && result.told === "made" ? 1 : 0;
  figures.ambiguous += writes > 0 && result.told === "ambiguous" ? 1 : 0;
  figures.unread += writes > 0 && result.told === "unread" ? 1 : 0;
  figures.withoutClock += isBlind ? 1 : 0;
  for (const { view } of stored) {
    await untilDone(() => other.management.deleteProvider({ id: view.id }));
  }
}

/** Makes a provider with the same content, and returns its id, or undefined if a restart of the server took the response. */
async function makeTwin(
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

/** Returns the faults by which the response of a call is lost, after or before the call was carried out. */
function lossesOver(wire: WireName, isMade: boolean): PlannedFault[] {
  return callFaults.filter(
    (kind) =>
      hidesOutcome(kind, wire) !== false &&
      (kind.name.endsWith("after") || kind.name.startsWith("truncate")) === isMade,
  );
}
