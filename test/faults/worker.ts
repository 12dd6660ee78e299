import { setTimeout as sleep } from "node:timers/promises";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import type { CallOptions } from "@connectrpc/connect";
import { type IdpClient, ZitadelError } from "zitadel-idp";
import { AdminService } from "zitadel-idp/admin";
import { ManagementService } from "zitadel-idp/management";
import type { Random } from "../support/random-message.js";
import type { ExpectedState, Level } from "./expected-state.js";
import type { Journal } from "./journal.js";
import { legacyOperations } from "./legacy-operations.js";
import { chooseOperation, type Operation } from "./operation.js";
import { policyOperations } from "./policy-operations.js";
import { providerOperations } from "./provider-operations.js";
import type { ProcessWatch } from "./process-watch.js";
import type { DisruptiveProxy } from "./disruptive-proxy.js";
import type { Recorder } from "./recorder.js";
import { checkResolveCreate } from "./check-resolve-create.js";
import type { PooledClient } from "./client-pool.js";
import { createSeededRandom } from "./seeded-random.js";
import { operationHeader } from "./campaign-server.js";
import {
  type CallTiming,
  reportFailure,
  type ReportedOutcome,
  reportSuccess,
} from "./reported-outcome.js";
import { findViolations, isCertainlyUnsent, type OperationRecord } from "./find-violations.js";

/** The client, proxy and records that a worker uses for one operation. */
export interface WorkerContext {
  readonly seed: number;
  readonly pooled: PooledClient;
  /** The client of `pooled`, for the worker's organization. */
  readonly client: IdpClient;
  readonly expected: ExpectedState;
  readonly journal: Journal;
  readonly proxy: DisruptiveProxy;
  readonly recorder: Recorder;
  readonly watch: ProcessWatch;
  readonly lagMs: number;
}

const kinds = [...providerOperations, ...legacyOperations, ...policyOperations];
const services = { management: ManagementService, admin: AdminService };

/** A method of a client, without the types of its request and response. */
type ClientMethod = (
  request: Readonly<Record<string, unknown>>,
  options: CallOptions,
) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Runs one operation: plans it from the random seed, calls, waits until the server is idle, and compares the reported outcome
 * with the recorded requests and the store.
 */
export async function runOperation(context: WorkerContext, index: number): Promise<void> {
  const { expected, recorder, lagMs, seed } = context;
  const name = `${expected.spec.name}-${index}`;
  const random = createSeededRandom(seed, "operation", name);
  const level: Level = random.chance(0.6) ? "management" : "admin";
  const timing = planTiming(random);
  const operation = chooseOperation(kinds, { random, name, expected, level, lagMs });
  const method = methodOf(operation);

  const startedMs = performance.now();
  const reported = await call(context, method, operation, name, timing);
  const endedMs = performance.now();
  await waitUntilIdle(context, name, reported);

  const timed = { name, reported, timing, startedMs, endedMs };
  const record = recordOperation(context, operation, method, timed);
  if (isCertainlyUnsent(record, context.journal)) {
    recorder.unsent++;
  }
  recorder.recordOperation(
    name,
    `${method.parent.typeName}/${method.name}`,
    record,
    findViolations(record, context.journal),
  );
  if (reported.outcome === "unknown" && method.name.startsWith("Add")) {
    await checkResolveCreate(context, operation, method, name, reported, endedMs);
  }
  operation.updateExpectedState?.();
}

/** Returns the deadline of a call, and the time of its abort. Some calls have a short deadline, and a few are aborted. */
function planTiming(random: Random): CallTiming {
  return {
    timeoutMs: random.chance(0.35) ? 40 + random.integer(600) : 8000,
    abortAfterMs: random.chance(0.06) ? random.integer(150) : undefined,
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
  { client }: WorkerContext,
  method: DescMethodUnary,
  { level, request }: Operation,
  name: string,
  { timeoutMs, abortAfterMs }: CallTiming,
): Promise<ReportedOutcome> {
  const controller = abortAfterMs === undefined ? undefined : new AbortController();
  const timer = controller && setTimeout(() => controller.abort(), abortAfterMs);
  let alreadyDone = false;
  const methods = client[level] as unknown as Readonly<Record<string, ClientMethod>>;
  try {
    const response = await methods[method.localName]?.(request, {
      timeoutMs,
      ...(controller && { signal: controller.signal }),
      headers: { [operationHeader]: name },
      onHeader: (header) => (alreadyDone = header.has("zitadel-idp-already-done")),
    });
    return reportSuccess(response, alreadyDone);
  } catch (error) {
    return reportFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The number of idle turns to wait for. A request passes two sockets, and the proxy between them. */
const idleTurns = 4;

/** Waits until no request of the operation should be on its way. The check at the end of the campaign finds requests that come later. */
async function waitUntilIdle(
  { journal, proxy }: WorkerContext,
  name: string,
  reported: ReportedOutcome,
): Promise<void> {
  if (reported.outcome === "success" && journal.of(name).length === 1) {
    return;
  }
  await proxy.waitUntilFlushed();
  for (let idle = 0; idle < idleTurns; idle++) {
    await sleep(5);
    if (proxy.isStalled || journal.isBusyWith(name)) {
      idle = 0;
    }
  }
}

/** A call that has ended. */
interface TimedCall {
  readonly name: string;
  readonly reported: ReportedOutcome;
  readonly timing: CallTiming;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** Returns the record of an operation, with its requests and its effect in the store. */
function recordOperation(
  { pooled, expected, journal, watch }: WorkerContext,
  operation: Operation,
  method: DescMethodUnary,
  { name, reported, timing, startedMs, endedMs }: TimedCall,
): OperationRecord {
  const { timeoutMs, abortAfterMs = timeoutMs } = timing;
  const { forceClosedMs = Number.POSITIVE_INFINITY } = pooled;
  const dueMs = Math.min(startedMs + Math.min(timeoutMs, abortAfterMs), forceClosedMs);
  return {
    wire: expected.spec.wire,
    isRead: method.idempotency === Idempotency.NO_SIDE_EFFECTS,
    isIdempotent: method.idempotency !== Idempotency.IDEMPOTENCY_UNKNOWN,
    reported,
    requests: journal.of(name),
    isInStore: operation.isInStore?.() ?? false,
    createdCount: operation.findCreatedIds?.().length ?? 0,
    responseMistake:
      reported.response === undefined || reported.alreadyDone
        ? undefined
        : operation.findResponseMistake?.(reported.response),
    isExpectedRejection:
      operation.rejectionId !== undefined &&
      reported.error instanceof ZitadelError &&
      reported.error.id === operation.rejectionId,
    startedMs,
    endedMs,
    overrunMs: endedMs - dueMs - watch.measureBlockedMs(dueMs, endedMs),
    isTls: journal.isTls,
  };
}
