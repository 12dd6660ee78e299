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

/** The details of an answer to an add: the time of the event is the creation date, and there is no change date. */
export function addedDetails(owner: Owner, event: Event): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    creationDate: event.at,
    resourceOwner: owner.id,
  });
}

/** The details of an answer to any other write: the other way round. */
export function changedDetails(owner: Owner, event: Event): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    changeDate: event.at,
    resourceOwner: owner.id,
  });
}

/** The details that a read shows right after an object was added. */
export function readDetails(owner: Owner, event: Event): ObjectDetails {
  return create(ObjectDetailsSchema, {
    sequence: event.sequence,
    creationDate: event.at,
    changeDate: event.at,
    resourceOwner: owner.id,
  });
}

/** Shows a later event in the details of a read. */
export function touch(details: ObjectDetails | undefined, event: Event): void {
  if (details !== undefined) {
    details.sequence = event.sequence;
    details.changeDate = event.at;
  }
}

/** The event that the details of a read show. */
export function lastEvent(details: ObjectDetails | undefined): Event {
  if (details?.changeDate === undefined) {
    throw new Error("a stored object has details with a change date");
  }
  return { sequence: details.sequence, at: details.changeDate };
}

/** What the database takes. */
const maxOffset = 2n ** 63n - 1n;

/** One page of `all`, and the details of the list. The total is 0 past the end: the server counts on the rows. */
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
