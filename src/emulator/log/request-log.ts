import type { JsonValue } from "@bufbuild/protobuf";
import { notify } from "../../utils/notify.js";
import type { Fault } from "../faults/fault.js";
import type { RequestProtocol } from "../wire/detect-protocol.js";
import type { RequestExchange } from "./request-exchange.js";

/**
 * A request that got a response, or whose connection a fault broke. Never contains a token or a secret.
 *
 * @example
 * ```ts
 * const onRequest = ({ rpc, code, ms }: LoggedRequest) => console.log(rpc, code ?? "ok", ms);
 * createEmulator({ onRequest });
 * ```
 */
export interface LoggedRequest {
  /** The time at which the request arrived. */
  readonly at: Date;
  /**
   * The wire protocol. `"other"` stands for calls by the Connect protocol, and for requests that are not calls of an RPC: CORS
   * preflights, health checks, tokens.
   */
  readonly protocol: RequestProtocol;
  /**
   * The full name of the service: `"zitadel.management.v1.ManagementService"`. Absent if the request failed before the emulator
   * knew its service.
   */
  readonly service?: string | undefined;
  /** The name of the RPC: `"AddGoogleProvider"`. Absent if the request failed before the emulator knew its RPC. */
  readonly rpc?: string | undefined;
  /** The HTTP method. */
  readonly httpMethod: string;
  /** The path, without the query. */
  readonly path: string;
  /** The HTTP version. */
  readonly httpVersion: 1 | 2;
  /** The name of the service user. Absent if the call was not authorized. */
  readonly user?: string | undefined;
  /** The id of the organization that the call was about. Absent if the call was not authorized. */
  readonly orgId?: string | undefined;
  /**
   * The request message in its JSON form, with `"[redacted]"` for each secret. A message of more than 32 KiB is replaced by its
   * size.
   */
  readonly request?: JsonValue | undefined;
  /** The HTTP status. Absent if the connection broke without a response. */
  readonly status?: number | undefined;
  /** The code of the error, e.g. `"not_found"`. Absent if the call succeeded. */
  readonly code?: string | undefined;
  /** The id of the error, e.g. `"QUERY-SAFrt"`. */
  readonly errorId?: string | undefined;
  /** The duration of the request in milliseconds. */
  readonly ms: number;
  /** The type of the fault that applied to the request. */
  readonly fault?: Fault["type"] | undefined;
}

/** A function that a log calls with each new entry, and with undefined after it was cleared. */
type LogWatcher = (
  added: { readonly entry: LoggedRequest; readonly exchange: RequestExchange } | undefined,
) => void;

/** The most recent requests, oldest first. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];
  readonly #size: number;
  readonly #onRequest: ((entry: LoggedRequest) => void) | undefined;
  #total = 0;
  #version = 0;
  #watcher: LogWatcher | undefined;

  /** Creates a log that keeps the newest `size` requests. */
  constructor(size: number, onRequest: ((entry: LoggedRequest) => void) | undefined) {
    this.#size = size;
    this.#onRequest = onRequest;
  }

  /** The requests. The array is always the same object. */
  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** The number of requests that were ever added. */
  get total(): number {
    return this.#total;
  }

  /** A number that each change increments. */
  get version(): number {
    return this.#version;
  }

  /** Adds a request. Passes its exchange to the watcher, and does not keep the exchange. */
  add(entry: LoggedRequest, exchange: RequestExchange): void {
    this.#total++;
    this.#version++;
    this.#entries.push(entry);
    if (this.#entries.length > this.#size) {
      this.#entries.shift();
    }
    this.#watcher?.({ entry, exchange });
    notify(() => this.#onRequest?.(entry));
  }

  clear(): void {
    this.#entries.length = 0;
    this.#version++;
    this.#watcher?.(undefined);
  }

  /** Calls a function after each change. A second watcher replaces the first. */
  watch(watcher: LogWatcher): void {
    this.#watcher = watcher;
  }
}
