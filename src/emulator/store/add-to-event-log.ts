import type { JsonObject } from "@bufbuild/protobuf";
import type { HistoryEvent } from "./record-events.js";
import type { ServiceUser } from "./service-user.js";

/** The object that an event belongs to. */
export interface EventAggregate {
  readonly id: string;
  readonly type: "instance" | "org" | "user";
  /** The id of the organization that owns the object, or of the instance. */
  readonly resourceOwner: string;
}

/** A change of an object, with its editor. */
export interface StoredEvent extends HistoryEvent {
  readonly aggregate: EventAggregate;
  /** The user who made the change. `undefined` for the setup of the server. */
  readonly editor: ServiceUser | undefined;
  readonly type: string;
  /** The fields that were set. */
  readonly payload: JsonObject | undefined;
}

/** The number of events that the log keeps, so that it does not grow without end. */
const maxEvents = 10_000;

/** Adds events to the log of all events, oldest first. Forgets the oldest ones above the limit. */
export function addToEventLog(log: StoredEvent[], events: readonly StoredEvent[]): void {
  log.push(...events);
  // Shorten the array rarely, because this moves all remaining events.
  if (log.length > 2 * maxEvents) {
    log.splice(0, log.length - maxEvents);
  }
}
