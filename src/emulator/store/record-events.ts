import type { Timestamp } from "@bufbuild/protobuf/wkt";

/** An entry in the history of an owner. Each write adds one or more. */
export interface HistoryEvent {
  readonly sequence: bigint;
  readonly at: Timestamp;
}

/** An object with a history: the sequence and the time of its last event. */
interface EventHistory {
  sequence: bigint;
  changedAt: Timestamp;
}

/** Adds `count` events with the same time to a history. */
export function recordEvents(history: EventHistory, at: Timestamp, count: number): HistoryEvent[] {
  history.changedAt = at;
  return Array.from({ length: count }, () => ({ sequence: ++history.sequence, at }));
}
