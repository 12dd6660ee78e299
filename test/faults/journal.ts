import {
  isBrokenConnection,
  type RequestOutcome,
} from "../../src/emulator/wire/broken-connection.js";
import type { WireName } from "../support/wires.js";
import type { ChosenFault } from "./planned-faults.js";

/** One request as the server saw it. */
export interface SeenRequest {
  readonly operation: string | undefined;
  readonly startedMs: number;
  wire: WireName | undefined;
  rpc: string | undefined;
  chosen: ChosenFault | undefined;
  /** The number of events that the request wrote into histories. With one or more, the call was carried out. */
  events: number;
  /** True if the client was gone before there was an outcome. */
  gone: boolean;
  outcome: "answer" | "breakage" | undefined;
}

/** Something that struck all calls of a wire at that time, and what else explains a failure without a fault of its own. */
export interface Trouble {
  readonly what: string;
  readonly wire: WireName | "all";
  readonly fromMs: number;
  toMs: number;
}

/** The record of what really happened, as the server knows it. The client under test has no part in it. */
export interface Journal {
  readonly requests: readonly SeenRequest[];
  readonly troubles: readonly Trouble[];
  readonly hits: ReadonlyMap<string, number>;
  /** True while the clients speak TLS with the server. */
  isTls: boolean;
  /** True if the callers of a wire protocol share a client, and over gRPC with it a connection. */
  connectionsAreShared: boolean;
  begin(operation: string | undefined): SeenRequest;
  end(request: SeenRequest, outcome: RequestOutcome, gone: boolean): void;
  /** The requests of an operation so far. */
  of(operation: string): readonly SeenRequest[];
  /** Returns true while the server works on a request of the operation. */
  isAtWork(operation: string): boolean;
  /** Notes a trouble; it ends with `toMs`. */
  trouble(what: string, wire: WireName | "all"): Trouble;
  /** Returns true if something struck the wire protocol between two times. */
  wasTroubled(wire: WireName, fromMs: number, toMs: number): boolean;
  /** Returns true if all connections of a wire were silent from one time to another. */
  wasSilent(wire: WireName, fromMs: number, toMs: number): boolean;
  hit(name: string): void;
}

/** For so long after its end a trouble may still be felt, as by a connection that was cut while it was idle. */
const tailMs = 300;

/** The time in which connections from before a silence end. */
const headMs = 50;

/** The name of the disruption in which new connections are taken and nothing is forwarded. */
export const silenceName = "proxy: silent on new connections";

/** Names operations beside the workers, which use connections of their own. */
export const sidePrefix = "side-";

export function createJournal(): Journal {
  const requests: SeenRequest[] = [];
  const byOperation = new Map<string, SeenRequest[]>();
  const atWork = new Map<string, number>();
  const troubles: Trouble[] = [];
  const hits = new Map<string, number>();
  const count = (operation: string | undefined, by: number): void => {
    if (operation !== undefined) {
      atWork.set(operation, (atWork.get(operation) ?? 0) + by);
    }
  };
  const journal: Journal = {
    requests,
    troubles,
    hits,
    isTls: false,
    connectionsAreShared: true,
    begin(operation) {
      const request: SeenRequest = {
        operation,
        startedMs: performance.now(),
        wire: undefined,
        rpc: undefined,
        chosen: undefined,
        events: 0,
        gone: false,
        outcome: undefined,
      };
      requests.push(request);
      if (operation !== undefined) {
        byOperation.set(operation, [...(byOperation.get(operation) ?? []), request]);
      }
      count(operation, 1);
      return request;
    },
    end(request, outcome, gone) {
      count(request.operation, -1);
      request.gone = gone;
      request.outcome = isBrokenConnection(outcome) ? "breakage" : "answer";
      const takesOthersAlong =
        journal.connectionsAreShared &&
        request.wire === "grpc" &&
        !request.operation?.startsWith(sidePrefix);
      if (
        takesOthersAlong &&
        isBrokenConnection(outcome) &&
        outcome.brokenBy !== "refused-stream"
      ) {
        journal.trouble(`connection of another call: ${outcome.brokenBy}`, "grpc").toMs =
          performance.now();
      }
    },
    of: (operation) => byOperation.get(operation) ?? [],
    isAtWork: (operation) => (atWork.get(operation) ?? 0) > 0,
    trouble(what, wire) {
      const trouble = { what, wire, fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
      troubles.push(trouble);
      return trouble;
    },
    wasTroubled: (wire, fromMs, toMs) =>
      troubles.some(
        (each) =>
          (each.wire === wire || each.wire === "all") &&
          each.fromMs <= toMs &&
          each.toMs + tailMs >= fromMs,
      ),
    wasSilent: (wire, fromMs, toMs) =>
      troubles.some(
        (each) =>
          each.what === silenceName &&
          each.wire === wire &&
          each.fromMs + headMs <= fromMs &&
          toMs <= each.toMs,
      ),
    hit: (name) => void hits.set(name, (hits.get(name) ?? 0) + 1),
  };
  return journal;
}
