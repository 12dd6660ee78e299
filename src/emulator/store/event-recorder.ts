import type { JsonObject } from "@bufbuild/protobuf";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import { rejectNulInPayload } from "../errors/nul-errors.js";
import type { EmulatorState } from "./emulator-state.js";
import { addToEventLog, type EventAggregate } from "./add-to-event-log.js";
import { type HistoryEvent, recordEvents } from "./record-events.js";
import type { ServiceUser } from "./service-user.js";
import type { StoredOwner } from "./stored-owner.js";

/** The type of an event without the level of its owner, such as `idp.removed`, and the fields that were set. */
export type OwnerEvent = readonly [type: string, payload?: JsonObject];

/** Adds events to the history of one owner, for one editor. Throws the database's error for a payload with a NUL. */
export interface EventRecorder {
  record(...event: OwnerEvent): HistoryEvent;
  /** Adds several events with the same time. */
  recordAll<const Events extends readonly OwnerEvent[]>(events: Events): RecordedEvents<Events>;
}

/** The entries in the history, one for each event. */
type RecordedEvents<Events extends readonly OwnerEvent[]> = {
  [Index in keyof Events]: HistoryEvent;
};

/** Creates the recorder for the events of an owner. */
export function createEventRecorder(
  { clock, events: log }: Pick<EmulatorState, "clock" | "events">,
  owner: StoredOwner,
  editor: ServiceUser | undefined,
): EventRecorder {
  const type = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "instance" : "org";
  const aggregate: EventAggregate = { id: owner.id, type, resourceOwner: owner.id };
  const recordAll = <Events extends readonly OwnerEvent[]>(
    events: Events,
  ): RecordedEvents<Events> => {
    events.forEach(([, payload]) => rejectNulInPayload(payload));
    const recorded = recordEvents(owner, clock.now(), events.length);
    addToEventLog(
      log,
      recorded.map((event, index) => {
        const [name, payload] = events[index] ?? [""];
        return { ...event, aggregate, editor, type: `${type}.${name}`, payload };
      }),
    );
    return recorded as RecordedEvents<Events>;
  };
  return { record: (...event) => recordAll([event] as const)[0], recordAll };
}
