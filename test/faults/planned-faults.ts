import { Code } from "@connectrpc/connect";
import { badGateway, type Fault, type GoawayFault, tooManyRequests } from "zitadel-idp/emulator";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { pickWeighted, randomOf } from "./seeded.js";

/** A kind of fault, and what a client can know after it. */
export interface PlannedFault {
  readonly name: string;
  readonly weight: number;
  readonly make: (random: Random) => Fault;
  /** The wires on which nobody can tell from it whether the call was carried out. */
  readonly ambiguous: readonly WireName[] | "perhaps";
}

/** Returns true if a client that met this fault cannot know the outcome of its request. */
export function hidesOutcome({ ambiguous }: PlannedFault, wire: WireName): boolean | "perhaps" {
  return ambiguous === "perhaps" ? "perhaps" : ambiguous.includes(wire);
}

const all: readonly WireName[] = ["json", "grpc", "grpc-web"];
/** HTTP/1.1 has neither streams nor GOAWAY: there the connection closes without a word. */
const http1: readonly WireName[] = ["json", "grpc-web"];
const none: readonly WireName[] = [];

const portal: Fault = {
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

const same = (
  name: string,
  weight: number,
  fault: Fault,
  ambiguous: readonly WireName[] = all,
): PlannedFault => ({ name, weight, make: () => fault, ambiguous });

const status = (name: string, code: Code, when: "before" | "after", weight = 2): PlannedFault =>
  same(`status ${name} ${when}`, weight, { type: "status", code, when });

const delay = (when: "before" | "after", least: number, spread: number): PlannedFault => ({
  name: `delay ${when} (${least < 100 ? "short" : "long"})`,
  weight: 5,
  make: (random) => ({ type: "delay", ms: least + random.integer(spread), when }),
  ambiguous: none,
});

const truncate = (end: "cut" | "clean"): PlannedFault => ({
  name: `truncate ${end}`,
  weight: 4,
  make: (random) => ({ type: "truncate", end, bytes: random.integer(24) }),
  // A body that is no longer than this arrives whole.
  ambiguous: "perhaps",
});

const goaway = (
  name: string,
  weight: number,
  fault: Partial<GoawayFault>,
  ambiguous = all,
): PlannedFault => same(name, weight, { type: "goaway", ...fault }, ambiguous);

/** All that can happen to a call on the way. Each one that hides the outcome comes both before and after the call is carried out. */
export const callFaults: readonly PlannedFault[] = [
  delay("before", 5, 60),
  delay("after", 5, 60),
  delay("before", 120, 400),
  delay("after", 120, 400),
  same("drop before", 4, { type: "drop" }),
  same("drop after", 6, { type: "drop", when: "after" }),
  same("reset before", 4, { type: "reset" }),
  same("reset after", 6, { type: "reset", when: "after" }),
  goaway("goaway refused", 4, { call: "refused" }, http1),
  goaway("goaway lost before", 2, { call: "lost" }),
  goaway("goaway lost after", 3, { call: "lost", when: "after" }),
  goaway("goaway answered", 3, { call: "answered" }, none),
  same("refused stream", 4, { type: "refused-stream" }, http1),
  same("HTTP 429, Retry-After 0", 4, tooManyRequests({ retryAfterSeconds: 0 }), none),
  same("HTTP 429, Retry-After 1", 2, tooManyRequests({ retryAfterSeconds: 1 }), none),
  same("HTTP 502 before", 4, badGateway()),
  same("HTTP 502 after", 4, badGateway({ when: "after" })),
  same("HTTP 503 before", 2, overloaded),
  same("HTTP 503 after", 2, { ...overloaded, when: "after" }),
  same("HTTP 200 of another page before", 1, portal),
  same("HTTP 200 of another page after", 1, { ...portal, when: "after" }),
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
  // Over gRPC and gRPC-web its text says that the call was not looked at yet.
  same("expired deadline before", 2, { type: "expired-deadline" }, ["json"]),
  same("expired deadline after", 2, { type: "expired-deadline", when: "after" }),
  same("stale token", 4, { type: "stale-token" }, none),
];

/** The faults of requests for a token. They cannot make a call ambiguous: without a token no call is sent. */
export const tokenFaults: readonly PlannedFault[] = [
  same("drop", 2, { type: "drop" }, none),
  same("reset", 2, { type: "reset" }, none),
  same("HTTP 429", 2, tooManyRequests({ retryAfterSeconds: 0 }), none),
  same("HTTP 502", 3, badGateway(), none),
  same("HTTP 503", 2, overloaded, none),
  same("HTTP 200 of another page", 1, portal, none),
  same("truncate", 2, { type: "truncate" }, none),
  {
    name: "delay",
    weight: 3,
    make: (random) => ({ type: "delay", ms: random.integer(400) }),
    ambiguous: none,
  },
];

/** A fault that was chosen for one request. */
export interface ChosenFault {
  readonly kind: PlannedFault;
  readonly fault: Fault;
}

/** Chooses the fault that strikes the nth request of an operation: the same on each run with this seed. */
export function chooseFault(
  seed: number,
  kinds: readonly PlannedFault[],
  operation: string,
  request: number,
  probability: number,
): ChosenFault | undefined {
  const random = randomOf(seed, "fault", operation, request);
  if (!random.chance(probability)) {
    return undefined;
  }
  const kind = pickWeighted(random, kinds);
  return { kind, fault: kind.make(random) };
}
