import { Code, ConnectError } from "@connectrpc/connect";
import {
  createEarlyDeadlineError,
  createExpiredDeadlineError,
  createLateDeadlineError,
} from "../wire/deadline-errors.js";
import { createInvalidTokenError, createUntranslatedServerError } from "../errors/server-error.js";
import type { RequestOutcome } from "../wire/broken-connection.js";
import type { DecodedCall } from "../wire/decoded-call.js";
import type { RequestProtocol } from "../wire/detect-protocol.js";
import type { WireResponse } from "../wire/http-message.js";
import type { Fault, GoawayFault, Moment, TruncateFault } from "./fault.js";

/** The facts about a request that a fault needs. */
interface FaultedRequest {
  readonly protocol: RequestProtocol;
  /** The call of an RPC. Undefined for other requests. */
  readonly call: DecodedCall | undefined;
  /** The domain of the instance. */
  readonly domain: string;
  /** The signal that aborts when the client disconnects. It ends a delay. */
  readonly signal: AbortSignal;
}

/**
 * Runs a request or a call, and triggers a fault before or after it.
 *
 * Rejects with a placeholder error for a fault that replaces the response; `toFaultedOutcome` then creates that outcome.
 */
export async function applyFault<T>(
  fault: Fault,
  request: FaultedRequest,
  run: () => Promise<T>,
): Promise<T> {
  if (readFaultTime(fault) === "before") {
    await triggerFault(fault, request);
    return run();
  }
  try {
    return await run();
  } finally {
    await triggerFault(fault, request);
  }
}

/** Returns the outcome that the client gets. `response` is `undefined` if the placeholder error of `applyFault` left no response. */
export function toFaultedOutcome(fault: Fault, response: WireResponse | undefined): RequestOutcome {
  switch (fault.type) {
    case "drop":
      return { brokenBy: "close" };
    case "reset":
      return { brokenBy: "reset" };
    case "refused-stream":
      return { brokenBy: "refused-stream" };
    case "goaway":
      return fault.call === "answered" && response !== undefined
        ? { brokenBy: "goaway", covered: true, response }
        : { brokenBy: "goaway", covered: fault.call === "lost" };
    case "http":
      return {
        status: fault.status,
        headers: Object.entries(fault.headers ?? {}).map(([name, value]) => [
          name.toLowerCase(),
          value,
        ]),
        body: new TextEncoder().encode(fault.body ?? ""),
      };
    case "truncate":
      return response === undefined ? { brokenBy: "close" } : truncateResponse(fault, response);
    default:
      return response ?? { brokenBy: "close" };
  }
}

function truncateResponse(
  { bytes, end = "cut" }: TruncateFault,
  response: WireResponse,
): RequestOutcome {
  const body = response.body ?? new Uint8Array();
  const keptBytes = Math.min(bytes ?? Math.floor(body.length / 2), body.length);
  if (end === "cut") {
    return { brokenBy: "cut", response, bytes: keptBytes };
  }
  const { status, headers } = response;
  return { status, headers, body: body.slice(0, keptBytes) };
}

/** Returns the time at which a fault applies. Some types have only one possible time. */
function readFaultTime(fault: Fault): Moment {
  switch (fault.type) {
    case "refused-stream":
    case "stale-token":
      return "before";
    case "truncate":
      return "after";
    case "goaway":
      return readGoawayTime(fault);
    default:
      return fault.when ?? "before";
  }
}

function readGoawayTime({ call = "refused", when = "before" }: GoawayFault): Moment {
  switch (call) {
    case "refused":
      return "before";
    case "lost":
      return when;
    default:
      return "after";
  }
}

/** Delays the call, or throws the error of a fault. Faults that act on the complete response do nothing here. */
async function triggerFault(fault: Fault, request: FaultedRequest): Promise<void> {
  switch (fault.type) {
    case "delay":
      return delayCall(fault.ms, readFaultTime(fault), request);
    case "truncate":
      return;
    case "goaway":
      if (fault.call === "answered") {
        return;
      }
      break;
    case "status":
      throw fault.id === undefined
        ? new ConnectError(fault.message ?? "injected fault", fault.code)
        : createUntranslatedServerError(fault.code, fault.id, fault.message ?? "injected fault");
    case "expired-deadline":
      throw createDeadlineError(readFaultTime(fault), request);
    case "stale-token":
      throw createInvalidTokenError();
  }
  throw new ConnectError("the response is replaced", Code.Unavailable);
}

/** Waits for `ms`, but no longer than the deadline of the call. Rejects when the client disconnects. */
async function delayCall(ms: number, when: Moment, request: FaultedRequest): Promise<void> {
  const { call, signal } = request;
  const deadlineMs = call?.timeoutMs ?? Number.POSITIVE_INFINITY;
  await new Promise<void>((resolve, reject) => {
    const onDisconnect = (): void => {
      clearTimeout(timer);
      reject(new ConnectError("the client is gone", Code.Canceled));
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", onDisconnect);
        resolve();
      },
      Math.min(ms, deadlineMs),
    );
    signal.addEventListener("abort", onDisconnect, { once: true });
    if (signal.aborted) {
      onDisconnect();
    }
  });
  if (deadlineMs <= ms) {
    throw createDeadlineError(when, request);
  }
}

/**
 * Creates the error that recordings of expired deadlines show most often. Over REST the gateway keeps the deadline, and responds
 * although the call may continue.
 */
function createDeadlineError(
  when: Moment,
  { protocol, call, domain }: FaultedRequest,
): ConnectError {
  if (protocol === "json" || call === undefined) {
    return createExpiredDeadlineError();
  }
  return when === "before"
    ? createEarlyDeadlineError(domain, call)
    : createLateDeadlineError(call.method);
}
