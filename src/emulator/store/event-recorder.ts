import type { JsonObject } from "@bufbuild/protobuf";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import type { EmulatorState } from "./emulator-state.js";
import { addToEventLog, type EventAggregate } from "./event-log.js";
import { type HistoryEvent, recordEvents } from "./history.js";
import type { ServiceUser } from "./service-user.js";
import type { StoredOwner } from "./stored-owner.js";

/** The type of an event without the level of its owner, such as `idp.removed`, and the fields that were set. */
export type OwnerEvent = readonly [type: string, payload?: JsonObject];

/** Adds events to the history of one owner, for one editor. */
export interface EventRecorder {
  record(...event: OwnerEvent): HistoryEvent;
  /** Adds several events with the same time. */
  recordAll(events: readonly OwnerEvent[]): HistoryEvent[];
}

/** Creates the recorder for the events of an owner. */
export function createEventRecorder(
  { clock, events: log }: Pick<EmulatorState, "clock" | "events">,
  owner: StoredOwner,
  editor: ServiceUser | undefined,
): EventRecorder {
  const type = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "instance" : "org";
  const aggregate: EventAggregate = { id: owner.id, type, resourceOwner: owner.id };
  const recordAll: EventRecorder["recordAll"] = (events) => {
    const recorded = recordEvents(owner, clock.now(), events.length);
    addToEventLog(
      log,
      recorded.map((event, index) => {
        const [name, payload] = events[index] ?? [""];
        return { ...event, aggregate, editor, type: `${type}.${name}`, payload };
      }),
    );
    return recorded;
  };
  return {
    record(...event) {
      const [recorded] = recordAll([event]);
      if (recorded === undefined) {
        throw new Error("no event was recorded");
      }
      return recorded;
    },
    recordAll,
  };
}
