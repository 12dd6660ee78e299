import { create } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { ListEventsRequest } from "../../../../gen/zitadel/admin_operators_pb.js";
import { ChangeSchema, type Change } from "../../../../gen/zitadel/change_pb.js";
import { type Event, EventSchema } from "../../../../gen/zitadel/event_pb.js";
import type { ListOrgChangesRequest } from "../../../../gen/zitadel/management_operators_pb.js";
import type { StoredEvent } from "../../store/add-to-event-log.js";
import type { ResponseFields, RpcContext, RpcHandler } from "../rpc-handler.js";
import { localizeEventText } from "./localize-event-text.js";

/** The maximum number of events that ListEvents returns. */
const maxLimit = 1000;

/** The id of the editor of events that the setup of the server wrote. */
const setupEditorId = "SYSTEM";

/** The RPC on the events of all objects. */
export const eventHandlers: Readonly<Record<string, RpcHandler>> = { ListEvents: listEvents };

/** The RPC on the changes of the organization of the call. */
export const ownChangeHandlers: Readonly<Record<string, RpcHandler>> = {
  ListOrgChanges: listOrganizationChanges,
};

function listEvents(request: ListEventsRequest, { state }: RpcContext): ResponseFields {
  const { limit, asc } = request;
  const found = state.events.filter((event) => matchesRequest(event, request));
  const cappedLimit = limit === 0 || limit > maxLimit ? maxLimit : limit;
  return { events: takeFirst(found, asc, cappedLimit).map(toEvent) };
}

/** Lists the events of the organization itself, not those of its users. */
function listOrganizationChanges(
  { query }: ListOrgChangesRequest,
  { owner, state }: RpcContext,
): ResponseFields {
  const { sequence = 0n, limit = 0, asc = false } = query ?? {};
  const found = state.events.filter(
    ({ aggregate, sequence: each }) =>
      aggregate.type === "org" && aggregate.id === owner.id && each > sequence,
  );
  return { result: takeFirst(found, asc, limit || found.length).map(toChange) };
}

function takeFirst(events: readonly StoredEvent[], asc: boolean, limit: number): StoredEvent[] {
  return (asc ? [...events] : events.toReversed()).slice(0, limit);
}

/** Returns true if an event matches all conditions of a request. An empty condition matches every event. */
function matchesRequest(
  { aggregate, sequence, editor, type, at }: StoredEvent,
  request: ListEventsRequest,
): boolean {
  const { aggregateTypes, aggregateId, eventTypes, resourceOwner, editorUserId } = request;
  return (
    sequence > request.sequence &&
    (resourceOwner === "" || aggregate.resourceOwner === resourceOwner) &&
    (aggregateId === "" || aggregate.id === aggregateId) &&
    (aggregateTypes.length === 0 || aggregateTypes.includes(aggregate.type)) &&
    (eventTypes.length === 0 || eventTypes.includes(type)) &&
    (editorUserId === "" || (editor?.id ?? setupEditorId) === editorUserId) &&
    isInRange(at, readRange(request))
  );
}

/** A range of times, exclusive. */
interface TimeRange {
  readonly since?: Timestamp | undefined;
  readonly until?: Timestamp | undefined;
}

/** Returns the range of times of a request. `from` is the start of an ascending list, and the end of a descending one. */
function readRange({ creationDate, creationDateFilter, asc }: ListEventsRequest): TimeRange {
  switch (creationDateFilter.case) {
    case "range":
      return creationDateFilter.value;
    case "from":
      return asc ? { since: creationDateFilter.value } : { until: creationDateFilter.value };
    default:
      return asc ? { since: creationDate } : { until: creationDate };
  }
}

function isInRange(at: Timestamp, { since, until }: TimeRange): boolean {
  return (
    (since === undefined || toNanos(at) > toNanos(since)) &&
    (until === undefined || toNanos(at) < toNanos(until))
  );
}

function toNanos({ seconds, nanos }: Timestamp): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos);
}

function toEvent({ aggregate, editor, sequence, at, type, payload }: StoredEvent): Event {
  return create(EventSchema, {
    editor: {
      userId: editor?.id ?? setupEditorId,
      displayName: editor?.displayName ?? "",
      service: "zitadel",
    },
    aggregate: {
      id: aggregate.id,
      type: {
        type: aggregate.type,
        localized: localizeEventText(`AggregateTypes.${aggregate.type}`),
      },
      resourceOwner: aggregate.resourceOwner,
    },
    sequence,
    creationDate: at,
    ...(payload !== undefined && { payload }),
    type: { type, localized: localizeEventText(`EventTypes.${type}`) },
  });
}

function toChange({ aggregate, editor, sequence, at, type }: StoredEvent): Change {
  return create(ChangeSchema, {
    changeDate: at,
    eventType: localizeEventText(`EventTypes.${type}`),
    sequence,
    editorId: editor?.id ?? setupEditorId,
    editorDisplayName: editor?.displayName ?? "",
    resourceOwnerId: aggregate.resourceOwner,
    editorPreferredLoginName: editor?.name ?? "",
  });
}
