import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { Clock } from "./clock.js";

/** An entry in the history of an owner. Each write adds one or more. */
export interface HistoryEvent {
  readonly sequence: bigint;
  readonly at: Timestamp;
}

/** An object with a history: the sequence of its last event. */
interface EventHistory {
  sequence: bigint;
}

/** Adds `count` events with the same time to a history. */
export function recordEvents(history: EventHistory, clock: Clock, count = 1): HistoryEvent[] {
  const at = clock.now();
  return Array.from({ length: count }, () => ({ sequence: ++history.sequence, at }));
}

/** Adds one event to a history. */
export function recordEvent(history: EventHistory, clock: Clock): HistoryEvent {
  return { sequence: ++history.sequence, at: clock.now() };
}
