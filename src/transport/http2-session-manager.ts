import {
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { withEvidence } from "./evidence.js";
import { Http2Connection, type KeepAlive } from "./http2-connection.js";

/** A stream, and the connection that it is on. */
export interface Http2Stream {
  readonly stream: ClientHttp2Stream;
  readonly connection: Http2Connection;
}

/** When a connection is looked after, in milliseconds. The names are connect-node's. */
export interface Http2SessionOptions {
  /** The time limit for a new connection: name resolution, connecting and the handshakes. Default: 10,000. */
  connectTimeoutMs?: number | undefined;
  /** After so long a silence a connection is tried with a ping: before its next call, and under calls. Default: 20,000. */
  pingIntervalMs?: number | undefined;
  /** How long the answer to a ping may take before the connection is given up. Default: 10,000. */
  pingTimeoutMs?: number | undefined;
  /** How long a connection stays open without calls. Default: 50,000. */
  idleConnectionTimeoutMs?: number | undefined;
}

/**
 * One HTTP/2 connection to a server: opened with the first call, opened again when it is gone or told to go. It serves as
 * `sessionManager` of a gRPC transport, in the place of connect-node's class of this name.
 *
 * Its limits suit what stands between a client and ZITADEL. Load balancers forget a connection that was silent for one
 * minute (AWS) to ten (Google), without a word to either side, and what is sent on it then is lost: so it is closed before
 * that, and tried with a ping after a silence.
 *
 * A call for which no connection can be had fails as one that was never sent. A connection that ends while it is tried is
 * replaced, where connect-node's may keep the call waiting for ever; and its late errors do not end the process.
 */
export class Http2SessionManager {
  /** The origin of the server. */
  readonly authority: string;
  #keepAlive: KeepAlive;
  #options: ClientSessionOptions | SecureClientSessionOptions | undefined;
  #current: Http2Connection | undefined;
  /** All that are open: one that was told to go still has its calls. */
  #open = new Set<Http2Connection>();

  constructor(
    url: URL | string,
    { pingIntervalMs, pingTimeoutMs, idleConnectionTimeoutMs }: Http2SessionOptions = {},
    http2SessionOptions?: ClientSessionOptions | SecureClientSessionOptions,
  ) {
    this.authority = new URL(url).origin;
    this.#keepAlive = {
      pingIntervalMs: pingIntervalMs ?? 20_000,
      pingTimeoutMs: pingTimeoutMs ?? 10_000,
      idleConnectionTimeoutMs: idleConnectionTimeoutMs ?? 50_000,
    };
    this.#options = http2SessionOptions;
  }

  /** Whether there is a connection, and whether it has calls. */
  state(): "closed" | "connecting" | "idle" | "open" {
    const connection = this.#current;
    if (connection === undefined || !connection.usable) {
      return "closed";
    }
    return connection.session.connecting ? "connecting" : connection.streams > 0 ? "open" : "idle";
  }

  /** Opens a stream, and a connection if there is none. Without waiting, if there is one that was heard of lately. */
  open(headers: OutgoingHttpHeaders): Http2Stream | Promise<Http2Stream> {
    const current = this.#current;
    return current?.trusted === true
      ? openOn(current, headers)
      : this.#ready().then((connection) => openOn(connection, headers), neverSent);
  }

  /** Closes what is open; calls under way are cut off. */
  abort(reason: Error = new ConnectError("connection aborted", Code.Canceled)): void {
    this.#current = undefined;
    for (const connection of this.#open) {
      connection.destroy(reason);
    }
  }

  /** A connection that takes calls. One that ends while it is waited for is replaced, but not for ever. */
  async #ready(): Promise<Http2Connection> {
    for (let replaced = 0; replaced < 3; replaced++) {
      const connection = this.#current?.usable ? this.#current : this.#connect();
      await connection.connected;
      if (await connection.verify()) {
        return connection;
      }
    }
    throw new ConnectError("each connection closed at once", Code.Unavailable);
  }

  #connect(): Http2Connection {
    const connection = new Http2Connection(this.authority, this.#keepAlive, this.#options);
    this.#current = connection;
    this.#open.add(connection);
    connection.session.once("close", () => this.#open.delete(connection));
    return connection;
  }
}

function openOn(connection: Http2Connection, headers: OutgoingHttpHeaders): Http2Stream {
  try {
    return { stream: connection.open(headers), connection };
  } catch (error) {
    return neverSent(error);
  }
}

function neverSent(error: unknown): never {
  throw withEvidence(ConnectError.from(error, Code.Unavailable), { notDone: "unsent" });
}
