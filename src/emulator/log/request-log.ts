import type { JsonValue } from "@bufbuild/protobuf";
import { notify } from "../../notify.js";
import type { Fault } from "../faults/fault.js";
import type { WireProtocol } from "../wire/protocol.js";

/** A request that was answered, or whose connection a fault broke. Never holds a token or a secret. */
export interface LoggedRequest {
  /** When it came. */
  readonly at: Date;
  /** `"other"` is what is no call of an RPC: CORS preflights, health checks, tokens. */
  readonly protocol: WireProtocol;
  /** The full name of the service, as far as the request got: `"zitadel.management.v1.ManagementService"`. */
  readonly service?: string;
  /** The name of the RPC, as far as the request got: `"AddGoogleProvider"`. */
  readonly rpc?: string;
  readonly httpMethod: string;
  /** The path, without the query. */
  readonly path: string;
  readonly httpVersion: 1 | 2;
  /** The name of the service user, if the token was good. */
  readonly user?: string;
  /** The id of the organization that the call was about, if the caller may use it. */
  readonly orgId?: string;
  /** The request message in its JSON form, with `"[redacted]"` for each secret. One of more than 32 KiB only says its size. */
  readonly request?: JsonValue;
  /** The HTTP status. None if the connection broke without an answer. */
  readonly status?: number;
  /** The code of the error, e.g. `"not_found"`. None if the call went well. */
  readonly code?: string;
  /** The id of the error, e.g. `"QUERY-SAFrt"`. */
  readonly errorId?: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** The type of the fault that struck it. */
  readonly fault?: Fault["type"];
}

/** The newest requests, oldest first. */
export interface RequestLog {
  readonly entries: readonly LoggedRequest[];
  add(entry: LoggedRequest): void;
  clear(): void;
}

export function createRequestLog(
  size: number,
  onRequest: ((entry: LoggedRequest) => void) | undefined,
): RequestLog {
  const entries: LoggedRequest[] = [];
  return {
    entries,
    add(entry) {
      entries.push(entry);
      if (entries.length > size) {
        entries.shift();
      }
      notify(() => onRequest?.(entry));
    },
    clear() {
      entries.length = 0;
    },
  };
}
