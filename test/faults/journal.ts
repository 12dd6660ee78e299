import {
  isBrokenConnection,
  type RequestOutcome,
} from "../../src/emulator/wire/broken-connection.js";
import type { WireName } from "../support/wires.js";
import type { ChosenFault } from "./call-faults.js";

/** A request as the server received it. */
export interface RecordedRequest {
  readonly operation: string | undefined;
  readonly startedMs: number;
  wire: WireName | undefined;
  rpc: string | undefined;
  fault: ChosenFault | undefined;
  /** The number of events that the request added to the server's histories. Above 0, the server carried out the call. */
  events: number;
  /** True if the client closed the connection before the server had an outcome. */
  isClientGone: boolean;
  outcome: "response" | "broken connection" | undefined;
}

/** A disruption of all calls of a wire protocol. It explains failures of requests that have no fault of their own. */
export interface RecordedDisruption {
  readonly name: string;
  readonly wire: WireName | "all";
  readonly fromMs: number;
  toMs: number;
}

/** The record of all requests and disruptions, kept by the server. The client under test does not contribute to it. */
export interface Journal {
  readonly requests: readonly RecordedRequest[];
  readonly disruptions: readonly RecordedDisruption[];
  /** The number of times that each fault and disruption was injected, by name. */
  readonly injectedCounts: ReadonlyMap<string, number>;
  /** True while the clients connect over TLS. */
  isTls: boolean;
  /** True if the callers of a wire protocol share a client, and over gRPC with it a connection. */
  connectionsAreShared: boolean;
  begin(operation: string | undefined): RecordedRequest;
  end(request: RecordedRequest, outcome: RequestOutcome, isClientGone: boolean): void;
  /** Returns the requests of an operation so far. */
  of(operation: string): readonly RecordedRequest[];
  /** Returns true while the server works on a request of the operation. */
  isBusyWith(operation: string): boolean;
  /** Records the start of a disruption. The caller sets `toMs` at its end. */
  beginDisruption(name: string, wire: WireName | "all"): RecordedDisruption;
  /** Returns true if a disruption of the wire protocol can have affected calls between two times. */
  wasDisrupted(wire: WireName, fromMs: number, toMs: number): boolean;
  /** Returns true if every connection of a wire protocol was in a black hole from one time to another. */
  wasBlackholed(wire: WireName, fromMs: number, toMs: number): boolean;
  countInjected(name: string): void;
}

/** The time for which a disruption can cause failures after its end, such as on a connection that was reset while idle. */
const effectAfterMs = 300;

/** The time that connections from before a black hole take to close. */
const connectionEndMs = 50;

/** The name of the disruption in which the proxy accepts new connections and forwards nothing. */
export const blackholeName = "proxy: black hole for new connections";

/** The start of the names of operations in background work, which has connections of its own. */
export const backgroundPrefix = "background-";

export function createJournal(): Journal {
  const requests = createRequestLog();
  const disruptions = createDisruptionLog();
  const injectedCounts = new Map<string, number>();
  const journal: Journal = {
    ...requests,
    ...disruptions,
    injectedCounts,
    isTls: false,
    connectionsAreShared: true,
    end(request, outcome, isClientGone) {
      requests.end(request);
      request.isClientGone = isClientGone;
      request.outcome = isBrokenConnection(outcome) ? "broken connection" : "response";
      const sharesConnection =
        journal.connectionsAreShared &&
        request.wire === "grpc" &&
        !request.operation?.startsWith(backgroundPrefix);
      if (
        sharesConnection &&
        isBrokenConnection(outcome) &&
        outcome.brokenBy !== "refused-stream"
      ) {
        const name = `connection of another call: ${outcome.brokenBy}`;
        journal.beginDisruption(name, "grpc").toMs = performance.now();
      }
    },
    countInjected: (name) => void injectedCounts.set(name, (injectedCounts.get(name) ?? 0) + 1),
  };
  return journal;
}

/** The requests in the journal, and the number of open requests of each operation. */
function createRequestLog(): Pick<Journal, "requests" | "begin" | "of" | "isBusyWith"> & {
  end(request: RecordedRequest): void;
} {
  const requests: RecordedRequest[] = [];
  const byOperation = new Map<string, RecordedRequest[]>();
  const openCounts = new Map<string, number>();
  const changeOpenCount = (operation: string | undefined, by: number): void => {
    if (operation !== undefined) {
      openCounts.set(operation, (openCounts.get(operation) ?? 0) + by);
    }
  };
  return {
    requests,
    begin(operation) {
      const request: RecordedRequest = {
        operation,
        startedMs: performance.now(),
        wire: undefined,
        rpc: undefined,
        fault: undefined,
        events: 0,
        isClientGone: false,
        outcome: undefined,
      };
      requests.push(request);
      if (operation !== undefined) {
        byOperation.set(operation, [...(byOperation.get(operation) ?? []), request]);
      }
      changeOpenCount(operation, 1);
      return request;
    },
    end: ({ operation }) => changeOpenCount(operation, -1),
    of: (operation) => byOperation.get(operation) ?? [],
    isBusyWith: (operation) => (openCounts.get(operation) ?? 0) > 0,
  };
}

function createDisruptionLog(): Pick<
  Journal,
  "disruptions" | "beginDisruption" | "wasDisrupted" | "wasBlackholed"
> {
  const disruptions: RecordedDisruption[] = [];
  return {
    disruptions,
    beginDisruption(name, wire) {
      const disruption = { name, wire, fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
      disruptions.push(disruption);
      return disruption;
    },
    wasDisrupted: (wire, fromMs, toMs) =>
      disruptions.some(
        (each) =>
          (each.wire === wire || each.wire === "all") &&
          each.fromMs <= toMs &&
          each.toMs + effectAfterMs >= fromMs,
      ),
    wasBlackholed: (wire, fromMs, toMs) =>
      disruptions.some(
        (each) =>
          each.name === blackholeName &&
          each.wire === wire &&
          each.fromMs + connectionEndMs <= fromMs &&
          toMs <= each.toMs,
      ),
  };
}
