import { Code } from "@connectrpc/connect";
import { badGateway, type Fault, type GoawayFault, tooManyRequests } from "zitadel-idp/emulator";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { pickWeighted, createSeededRandom } from "./seeded-random.js";

/** A kind of fault. */
export interface PlannedFault {
  readonly name: string;
  readonly weight: number;
  readonly make: (random: Random) => Fault;
  /** The wire protocols over which a client cannot know after this fault whether the server carried out the call. */
  readonly hidesOutcomeOver: readonly WireName[] | "maybe";
}

/** Returns true if a client cannot know the outcome of a request with this fault, and "maybe" if that depends on the response. */
export function hidesOutcome(
  { hidesOutcomeOver }: PlannedFault,
  wire: WireName,
): boolean | "maybe" {
  return hidesOutcomeOver === "maybe" ? "maybe" : hidesOutcomeOver.includes(wire);
}

const allWires: readonly WireName[] = ["json", "grpc", "grpc-web"];
/** The wire protocols over HTTP/1.1, which has no streams and no GOAWAY: these faults close the connection without a reason. */
const http1Wires: readonly WireName[] = ["json", "grpc-web"];
const noWires: readonly WireName[] = [];

const loginPage: Fault = {
  type: "http",
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<html><title>Please log in</title></html>",
};
const overloaded: Fault = {
  type: "http",
  status: 503,
  headers: { "content-type": "text/plain", "retry-after": "0" },
  body: "upstream connect error",
};

const fixedFault = (
  name: string,
  weight: number,
  fault: Fault,
  hidesOutcomeOver: readonly WireName[] = allWires,
): PlannedFault => ({ name, weight, make: () => fault, hidesOutcomeOver });

const status = (name: string, code: Code, when: "before" | "after", weight = 2): PlannedFault =>
  fixedFault(`status ${name} ${when}`, weight, { type: "status", code, when });

const delay = (when: "before" | "after", least: number, spread: number): PlannedFault => ({
  name: `delay ${when} (${least < 100 ? "short" : "long"})`,
  weight: 5,
  make: (random) => ({ type: "delay", ms: least + random.integer(spread), when }),
  hidesOutcomeOver: noWires,
});

const truncate = (end: "cut" | "clean"): PlannedFault => ({
  name: `truncate ${end}`,
  weight: 4,
  make: (random) => ({ type: "truncate", end, bytes: random.integer(24) }),
  // A response body that is not longer than `bytes` arrives complete.
  hidesOutcomeOver: "maybe",
});

const goaway = (
  name: string,
  weight: number,
  fault: Partial<GoawayFault>,
  hidesOutcomeOver = allWires,
): PlannedFault => fixedFault(name, weight, { type: "goaway", ...fault }, hidesOutcomeOver);

/** The faults of calls. Each fault that hides the outcome exists twice: before and after the server carries out the call. */
export const callFaults: readonly PlannedFault[] = [
  delay("before", 5, 60),
  delay("after", 5, 60),
  delay("before", 120, 400),
  delay("after", 120, 400),
  fixedFault("drop before", 4, { type: "drop" }),
  fixedFault("drop after", 6, { type: "drop", when: "after" }),
  fixedFault("reset before", 4, { type: "reset" }),
  fixedFault("reset after", 6, { type: "reset", when: "after" }),
  goaway("goaway refused", 4, { call: "refused" }, http1Wires),
  goaway("goaway lost before", 2, { call: "lost" }),
  goaway("goaway lost after", 3, { call: "lost", when: "after" }),
  goaway("goaway answered", 3, { call: "answered" }, noWires),
  fixedFault("refused stream", 4, { type: "refused-stream" }, http1Wires),
  fixedFault("HTTP 429, Retry-After 0", 4, tooManyRequests({ retryAfterSeconds: 0 }), noWires),
  fixedFault("HTTP 429, Retry-After 1", 2, tooManyRequests({ retryAfterSeconds: 1 }), noWires),
  fixedFault("HTTP 502 before", 4, badGateway()),
  fixedFault("HTTP 502 after", 4, badGateway({ when: "after" })),
  fixedFault("HTTP 503 before", 2, overloaded),
  fixedFault("HTTP 503 after", 2, { ...overloaded, when: "after" }),
  fixedFault("HTTP 200 of another page before", 1, loginPage),
  fixedFault("HTTP 200 of another page after", 1, { ...loginPage, when: "after" }),
  truncate("cut"),
  truncate("clean"),
  status("unavailable", Code.Unavailable, "before", 3),
  status("unavailable", Code.Unavailable, "after", 3),
  status("internal", Code.Internal, "before"),
  status("internal", Code.Internal, "after"),
  status("unknown", Code.Unknown, "before"),
  status("unknown", Code.Unknown, "after"),
  status("aborted", Code.Aborted, "before", 1),
  status("aborted", Code.Aborted, "after", 1),
  // Over gRPC and gRPC-web, the error text says that the server did not begin the call.
  fixedFault("expired deadline before", 2, { type: "expired-deadline" }, ["json"]),
  fixedFault("expired deadline after", 2, { type: "expired-deadline", when: "after" }),
  fixedFault("stale token", 4, { type: "stale-token" }, noWires),
];

/** The faults of token requests. They never hide the outcome of a call, because the client sends no call without a token. */
export const tokenFaults: readonly PlannedFault[] = [
  fixedFault("drop", 2, { type: "drop" }, noWires),
  fixedFault("reset", 2, { type: "reset" }, noWires),
  fixedFault("HTTP 429", 2, tooManyRequests({ retryAfterSeconds: 0 }), noWires),
  fixedFault("HTTP 502", 3, badGateway(), noWires),
  fixedFault("HTTP 503", 2, overloaded, noWires),
  fixedFault("HTTP 200 of another page", 1, loginPage, noWires),
  fixedFault("truncate", 2, { type: "truncate" }, noWires),
  {
    name: "delay",
    weight: 3,
    make: (random) => ({ type: "delay", ms: random.integer(400) }),
    hidesOutcomeOver: noWires,
  },
];

/** A fault for one request. */
export interface ChosenFault {
  readonly kind: PlannedFault;
  readonly fault: Fault;
}

/** Chooses the fault for the nth request of an operation. The choice depends only on the arguments. */
export function chooseFault(
  seed: number,
  kinds: readonly PlannedFault[],
  operation: string,
  request: number,
  probability: number,
): ChosenFault | undefined {
  const random = createSeededRandom(seed, "fault", operation, request);
  if (!random.chance(probability)) {
    return undefined;
  }
  const kind = pickWeighted(random, kinds);
  return { kind, fault: kind.make(random) };
}
