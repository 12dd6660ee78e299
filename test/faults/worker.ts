import { setTimeout as sleep } from "node:timers/promises";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import type { CallOptions } from "@connectrpc/connect";
import { type IdpClient, ZitadelError } from "zitadel-idp";
import { AdminService } from "zitadel-idp/admin";
import { ManagementService } from "zitadel-idp/management";
import type { Random } from "../support/random-message.js";
import type { Estate, Level } from "./estate.js";
import type { Journal } from "./journal.js";
import { legacyOperations } from "./legacy-operations.js";
import { chooseOperation, type Operation } from "./operation.js";
import { policyOperations } from "./policy-operations.js";
import { providerOperations } from "./provider-operations.js";
import type { ProcessWatch } from "./process-watch.js";
import type { Proxy } from "./proxy.js";
import type { Recorder } from "./recorder.js";
import { resolveUnknown } from "./resolve.js";
import type { Line } from "./seats.js";
import { randomOf } from "./seeded.js";
import { operationHeader } from "./server.js";
import { type CallLimits, type Told, toldFailure, toldSuccess } from "./told.js";
import { isSilenced, judgeOperation } from "./verdict.js";

/** The client, server and records that a worker works with. */
export interface Workplace {
  readonly seed: number;
  readonly line: Line;
  /** The client of the organization that `line` had when the operation began. */
  readonly client: IdpClient;
  readonly estate: Estate;
  readonly journal: Journal;
  readonly proxy: Proxy;
  readonly recorder: Recorder;
  readonly watch: ProcessWatch;
  readonly lagMs: number;
}

const kinds = [...providerOperations, ...legacyOperations, ...policyOperations];
const services = { management: ManagementService, admin: AdminService };

/** The method of the client that stands for an RPC, whatever it takes. */
export type AnyCall = (
  request: Readonly<Record<string, unknown>>,
  options: CallOptions,
) => Promise<Readonly<Record<string, unknown>>>;

/** Does one operation: plans it by the seed, calls, waits until the server is at rest, and judges. */
export async function work(place: Workplace, index: number): Promise<void> {
  const { estate, journal, recorder, watch, lagMs, seed } = place;
  const name = `${estate.spec.name}-${index}`;
  const random = randomOf(seed, "operation", name);
  const level: Level = random.chance(0.6) ? "management" : "admin";
  const limits = planLimits(random);
  const operation = chooseOperation(kinds, { random, name, estate, level, lagMs });
  const method = methodOf(operation);

  const startedMs = performance.now();
  const told = await call(place, method, operation, name, limits);
  const endedMs = performance.now();
  const { closedMs = Number.POSITIVE_INFINITY } = place.line;
  const limitMs = Math.min(
    startedMs + Math.min(limits.timeoutMs, limits.abortMs ?? limits.timeoutMs),
    closedMs,
  );
  await rest(place, name, told);

  const requests = journal.of(name);
  const evidence = {
    wire: estate.spec.wire,
    isRead: method.idempotency === Idempotency.NO_SIDE_EFFECTS,
    isIdempotent: method.idempotency !== Idempotency.IDEMPOTENCY_UNKNOWN,
    told,
    requests,
    isDone: operation.isDone?.() ?? false,
    made: operation.made?.().length ?? 0,
    wrongAnswer:
      told.answer === undefined || told.alreadyDone ? undefined : operation.check?.(told.answer),
    isRefused:
      operation.refusal !== undefined &&
      told.error instanceof ZitadelError &&
      told.error.id === operation.refusal,
    startedMs,
    endedMs,
    overrunMs: endedMs - limitMs - watch.blockedMs(limitMs, endedMs),
    isTls: journal.isTls,
  };
  if (isSilenced(evidence, journal)) {
    recorder.silenced++;
  }
  recorder.operation(name, `${method.parent.typeName}/${method.name}`, evidence, () =>
    judgeOperation(evidence, journal),
  );
  if (told.outcome === "unknown" && method.name.startsWith("Add")) {
    await resolveUnknown(place, operation, method, name, told, endedMs);
  }
  operation.settle?.();
}

/** Some callers are in a hurry, and some give up. */
function planLimits(random: Random): CallLimits {
  return {
    timeoutMs: random.chance(0.35) ? 40 + random.integer(600) : 8000,
    abortMs: random.chance(0.06) ? random.integer(150) : undefined,
  };
}

function methodOf({ level, rpc }: Operation): DescMethodUnary {
  const method = services[level].methods.find(({ name }) => name === rpc);
  if (method === undefined) {
    throw new Error(`${level} has no RPC ${rpc}`);
  }
  return method as DescMethodUnary;
}

async function call(
  { client }: Workplace,
  method: DescMethodUnary,
  { level, request }: Operation,
  name: string,
  { timeoutMs, abortMs }: CallLimits,
): Promise<Told> {
  const controller = abortMs === undefined ? undefined : new AbortController();
  const timer = controller && setTimeout(() => controller.abort(), abortMs);
  let alreadyDone = false;
  const methods = client[level] as unknown as Readonly<Record<string, AnyCall>>;
  try {
    const answer = await methods[method.localName]?.(request, {
      timeoutMs,
      ...(controller && { signal: controller.signal }),
      headers: { [operationHeader]: name },
      onHeader: (header) => (alreadyDone = header.has("zitadel-idp-already-done")),
    });
    return toldSuccess(answer, alreadyDone);
  } catch (error) {
    return toldFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

/** So many turns without anything under way: a request has to pass two sockets and the proxy between them. */
const calmTurns = 4;

/** Waits until nothing of the operation can be under way any more: what comes later is for the audit in the end. */
async function rest({ journal, proxy }: Workplace, name: string, told: Told): Promise<void> {
  if (told.outcome === "success" && journal.of(name).length === 1) {
    return;
  }
  await proxy.flushed();
  for (let calm = 0; calm < calmTurns; calm++) {
    await sleep(5);
    if (proxy.stalled || journal.isAtWork(name)) {
      calm = 0;
    }
  }
}
