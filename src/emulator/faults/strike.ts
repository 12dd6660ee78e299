import { Code, ConnectError } from "@connectrpc/connect";
import { rawProblem } from "../problem.js";
import { first, type HeaderList, type WireResponse } from "../wire/exchange.js";
import type { Outcome } from "../wire/outcome.js";
import type { WireProtocol } from "../wire/protocol.js";
import type { Fault } from "./fault.js";

/** The facts about a request that a fault needs. */
export interface Circumstances {
  readonly protocol: WireProtocol;
  readonly headers: HeaderList;
  /** The signal that aborts when the client disconnects. It ends a delay. */
  readonly signal: AbortSignal;
}

/**
 * Carries out a request under a fault.
 *
 * Throws a placeholder error for a fault that replaces the whole response; `finish` then creates that outcome.
 */
export async function strike<T>(
  fault: Fault,
  circumstances: Circumstances,
  carryOut: () => Promise<T>,
): Promise<T> {
  if (momentOf(fault) === "before") {
    await happen(fault, circumstances);
    return carryOut();
  }
  try {
    return await carryOut();
  } finally {
    await happen(fault, circumstances);
  }
}

/** Returns the outcome that the client gets. `response` is `undefined` if the placeholder error of `strike` left no response. */
export function finish(fault: Fault, response: WireResponse | undefined): Outcome {
  switch (fault.type) {
    case "drop":
      return { breakage: "close" };
    case "reset":
      return { breakage: "reset" };
    case "refused-stream":
      return { breakage: "refuse" };
    case "goaway":
      return fault.call === "answered" && response !== undefined
        ? { breakage: "goaway", covered: true, answer: response }
        : { breakage: "goaway", covered: fault.call === "lost" };
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
      return response === undefined ? { breakage: "close" } : truncate(fault, response);
    default:
      return response ?? { breakage: "close" };
  }
}

function truncate(
  { bytes, end = "cut" }: Extract<Fault, { type: "truncate" }>,
  response: WireResponse,
): Outcome {
  const whole = response.body ?? new Uint8Array();
  const kept = Math.min(bytes ?? Math.floor(whole.length / 2), whole.length);
  if (end === "cut") {
    return { breakage: "cut", answer: response, bytes: kept };
  }
  const { status, headers } = response;
  return { status, headers, body: whole.slice(0, kept) };
}

function momentOf(fault: Fault): "before" | "after" {
  switch (fault.type) {
    case "refused-stream":
    case "stale-token":
      return "before";
    case "truncate":
      return "after";
    case "goaway":
      return fault.call === "answered"
        ? "after"
        : fault.call === "lost"
          ? (fault.when ?? "before")
          : "before";
    default:
      return fault.when ?? "before";
  }
}

async function happen(fault: Fault, circumstances: Circumstances): Promise<void> {
  switch (fault.type) {
    case "delay":
      return delay(fault.ms, momentOf(fault), circumstances);
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
        : rawProblem(fault.code, fault.id, fault.message ?? "injected fault");
    case "expired-deadline":
      throw expired(momentOf(fault), circumstances.protocol);
    case "stale-token":
      throw rawProblem(Code.Unauthenticated, "AUTH-7fs1e", "Errors.Token.Invalid");
  }
  throw new ConnectError("the answer is replaced", Code.Unavailable);
}

/** Waits for `ms`, but no longer than the deadline of the call. Rejects when the client disconnects. */
async function delay(
  ms: number,
  when: "before" | "after",
  { protocol, headers, signal }: Circumstances,
): Promise<void> {
  const deadlineMs = timeoutMs(first(headers, "grpc-timeout"));
  await new Promise<void>((resolve, reject) => {
    const gone = (): void => {
      clearTimeout(timer);
      reject(new ConnectError("the client is gone", Code.Canceled));
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", gone);
        resolve();
      },
      Math.min(ms, deadlineMs),
    );
    signal.addEventListener("abort", gone, { once: true });
    if (signal.aborted) {
      gone();
    }
  });
  if (deadlineMs <= ms) {
    throw expired(when, protocol);
  }
}

const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 0.001,
  n: 0.000001,
};

function timeoutMs(header: string | undefined): number {
  const [, amount, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header ?? "") ?? [];
  return amount === undefined ? Number.POSITIVE_INFINITY : Number(amount) * (unitMs[unit] ?? 1);
}

/**
 * Creates the error that recordings of expired deadlines show most often.
 *
 * Before the call the server's check of the instance fails first, and its code does not mention a deadline.
 */
function expired(when: "before" | "after", protocol: WireProtocol): ConnectError {
  if (protocol === "json") {
    return new ConnectError("context deadline exceeded", Code.DeadlineExceeded);
  }
  return when === "before"
    ? new ConnectError(
        "unable to set instance using origin: ID=QUERY-d3fas Message=Errors.Internal Parent=(context deadline exceeded)",
        Code.Internal,
      )
    : rawProblem(Code.Unknown, "", "unknown database error: timeout: context deadline exceeded");
}
