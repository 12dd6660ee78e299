import type { ProviderConfig } from "../../../gen/zitadel/idp_pb.js";
import type { HistoryEvent } from "./record-events.js";

/**
 * The values with which updates of one provider type compare a request.
 *
 * These values can differ from the values that reads return, because each write model and each read knows only some events of a
 * provider. An update changes only the fields that differ from its write model. The other fields keep the values that reads return,
 * even if the request has different ones.
 */
export interface ProviderWriteModel {
  name: string;
  readonly config: ProviderConfig;
  /** The client secret, which only sign-ins use. */
  clientSecret?: string | undefined;
  /** The last event that the write model knows, which an update without a change returns. */
  lastEvent: HistoryEvent;
  /** The changes that the write model does not know. */
  readonly unknownChanges: UnknownChanges;
}

/** The fields of the config whose changes a write model does not know, or "all" if it knows only the add. */
export type UnknownChanges = readonly string[] | "all";
