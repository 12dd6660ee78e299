import { create } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  type ListDetails,
  ListDetailsSchema,
  type ListQuery,
  type ObjectDetails,
  ObjectDetailsSchema,
} from "../../gen/zitadel/object_pb.js";
import { problem } from "./problem.js";
import type { Event, Owner } from "./state.js";

/** Creates the details in the response to an add: the event's time is the creation date, and there is no change date. */
export function addedDetails(owner: Owner, event: Event): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    creationDate: event.at,
    resourceOwner: owner.id,
  });
}

/** Creates the details in the response to any other write: the event's time is the change date, and there is no creation date. */
export function changedDetails(owner: Owner, event: Event): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    changeDate: event.at,
    resourceOwner: owner.id,
  });
}

/** Creates the details that a read returns right after an object was added: both dates are the event's time. */
export function readDetails(owner: Owner, event: Event): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    creationDate: event.at,
    changeDate: event.at,
    resourceOwner: owner.id,
  });
}

/** Updates the details of a stored object after a later event. */
export function touch(details: ObjectDetails | undefined, event: Event): void {
  if (details !== undefined) {
    details.sequence = event.sequence;
    details.changeDate = event.at;
  }
}

/** Returns the last event that the details of a stored object show. */
export function lastEvent(details: ObjectDetails | undefined): Event {
  if (details?.changeDate === undefined) {
    throw new Error("a stored object has details with a change date");
  }
  return { sequence: details.sequence, at: details.changeDate };
}

/** The largest offset that the server's database accepts. */
const maxOffset = 2n ** 63n - 1n;

/**
 * Returns one page of `all` and the details of the list.
 *
 * The total is 0 for a page past the end, because the real server reads the count from the rows.
 */
export function page<T>(
  all: readonly T[],
  query: ListQuery | undefined,
  viewTimestamp: Timestamp,
): { result: T[]; details: ListDetails } {
  const offset = Number(query?.offset ?? 0n);
  if (query !== undefined && query.offset > maxOffset) {
    throw problem(Code.Internal, "QUERY-BDFrq", "Errors.Internal");
  }
  const limit = query?.limit || all.length;
  const result = all.slice(offset, offset + limit);
  const totalResult = result.length === 0 ? 0n : BigInt(all.length);
  return { result, details: create(ListDetailsSchema, { totalResult, viewTimestamp }) };
}
