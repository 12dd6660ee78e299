import { create } from "@bufbuild/protobuf";
import { type ObjectDetails, ObjectDetailsSchema } from "../../../gen/zitadel/object_pb.js";
import type { HistoryEvent } from "./record-events.js";
import type { StoredOwner } from "./stored-owner.js";

/** Creates the details in the response to an add: the event's time is the creation date, and there is no change date. */
export function createAddDetails(owner: StoredOwner, event: HistoryEvent): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    creationDate: event.at,
    resourceOwner: owner.id,
  });
}

/** Creates the details in the response to any other write: the event's time is the change date, and there is no creation date. */
export function createChangeDetails(owner: StoredOwner, event: HistoryEvent): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    changeDate: event.at,
    resourceOwner: owner.id,
  });
}

/** Creates the details that a read returns right after an object was added: both dates are the event's time. */
export function createStoredDetails(
  owner: Pick<StoredOwner, "id">,
  event: HistoryEvent,
): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    creationDate: event.at,
    changeDate: event.at,
    resourceOwner: owner.id,
  });
}

/** Updates the details of a stored object after a later event. */
export function updateDetails(details: ObjectDetails | undefined, event: HistoryEvent): void {
  if (details !== undefined) {
    details.sequence = event.sequence;
    details.changeDate = event.at;
  }
}
