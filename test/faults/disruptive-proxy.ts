import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

/** The server that a proxy forwards new connections to. */
export interface ProxyTarget {
  readonly port: number;
  readonly isTls: boolean;
}

/** A TCP proxy between a client and the server that can disrupt its connections. It does not parse the bytes that it forwards. */
export interface DisruptiveProxy {
  readonly port: number;
  /** True while the proxy holds bytes back. */
  readonly isStalled: boolean;
  /** Closes all connections on both sides, with FIN ("end") or with RST ("reset"). */
  closeConnections(how: "end" | "reset"): void;
  /** Stops listening, so that the operating system refuses new connections, and resets all open connections. */
  refuseConnections(): Promise<void>;
  /** Listens again, on the same port. */
  acceptConnections(): Promise<void>;
  /** Holds all bytes back until `resume`. */
  stall(): void;
  resume(): void;
  /** Forwards only half of the next bytes to the server ("request") or to the client ("response"), and resets the connection. */
  truncateNext(direction: "request" | "response"): void;
  /** Closes all connections. Accepts new connections from then on, and forwards nothing on them. */
  startBlackhole(): void;
  /** Closes the connections that were accepted in the black hole, and forwards new connections again. */
  endBlackhole(): void;
  /** Sends `bytes` to all clients in place of the server's responses, until `closeConnections`. */
  replaceResponses(bytes: Uint8Array): void;
  /** Resolves when all bytes on their way to the server have arrived, even if their sender has disconnected. */
  waitUntilFlushed(): Promise<void>;
  close(): Promise<void>;
}

/** The size below which a chunk is only a frame that keeps a connection open. */
const minTruncatedBytes = 64;

/** The sockets of one forwarded connection. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** The open sockets of a proxy, and the disruptions that are active on them. */
interface ProxyState {
  readonly pairs: Set<Pair>;
  /** The pairs whose client gets other bytes in place of responses. */
  readonly replaced: WeakSet<Pair>;
  /** The client sockets that were accepted in the black hole. */
  readonly blackholed: Set<Socket>;
  isBlackhole: boolean;
  isStalled: boolean;
  truncating: "request" | "response" | undefined;
}

export async function createDisruptiveProxy(target: () => ProxyTarget): Promise<DisruptiveProxy> {
  const state: ProxyState = {
    pairs: new Set(),
    replaced: new WeakSet(),
    blackholed: new Set(),
    isBlackhole: false,
    isStalled: false,
    truncating: undefined,
  };
  const server = createServer({ noDelay: true }, (client) =>
    state.isBlackhole ? dropAll(client, state) : forwardTo(target().port, client, state),
  );
  await listen(server, 0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const refuseConnections = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    closePairs(state, "reset");
    await closed;
  };
  return {
    port,
    get isStalled() {
      return state.isStalled;
    },
    ...createDisruptions(state),
    waitUntilFlushed: createFlush(() => probe(port, target().isTls)),
    refuseConnections,
    acceptConnections: () => listen(server, port),
    async close() {
      destroyAll(state.blackholed);
      if (server.listening) {
        await refuseConnections();
      }
      for (const pair of state.pairs) {
        destroyAll([pair.client, pair.server]);
      }
    },
  };
}

/** Waits until all proxies are flushed. */
export async function waitUntilAllFlushed(
  proxies: ReadonlyMap<unknown, DisruptiveProxy>,
): Promise<void> {
  await Promise.all([...proxies.values()].map((proxy) => proxy.waitUntilFlushed()));
}

/** Creates the disruptions of open connections. */
function createDisruptions(
  state: ProxyState,
): Pick<
  DisruptiveProxy,
  | "closeConnections"
  | "stall"
  | "resume"
  | "truncateNext"
  | "startBlackhole"
  | "endBlackhole"
  | "replaceResponses"
> {
  const forEachSocket = (change: (socket: Socket) => void): void => {
    for (const pair of state.pairs) {
      change(pair.client);
      change(pair.server);
    }
  };
  return {
    closeConnections: (how) => closePairs(state, how),
    stall() {
      state.isStalled = true;
      forEachSocket((socket) => socket.pause());
    },
    resume() {
      state.isStalled = false;
      forEachSocket((socket) => socket.resume());
    },
    truncateNext: (direction) => void (state.truncating = direction),
    startBlackhole() {
      state.isBlackhole = true;
      closePairs(state, "end");
    },
    endBlackhole() {
      state.isBlackhole = false;
      destroyAll(state.blackholed);
    },
    replaceResponses(bytes) {
      for (const pair of state.pairs) {
        state.replaced.add(pair);
        pair.client.write(bytes);
      }
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Reads and drops all bytes of a client. Reading them is necessary to notice that the client closed the connection. */
function dropAll(client: Socket, { blackholed }: ProxyState): void {
  blackholed.add(client);
  client.on("error", () => undefined).on("close", () => blackholed.delete(client));
  client.resume();
}

/** Connects a client with the server, and forwards bytes in both directions. */
function forwardTo(port: number, client: Socket, state: ProxyState): void {
  const pair = { client, server: connect(port, "127.0.0.1").setNoDelay(true) };
  state.pairs.add(pair);
  forward(pair, "request", state);
  forward(pair, "response", state);
}

function forward(pair: Pair, direction: "request" | "response", state: ProxyState): void {
  const [from, to] =
    direction === "request" ? [pair.client, pair.server] : [pair.server, pair.client];
  from.on("data", (chunk: Buffer) => {
    if (direction === "response" && state.replaced.has(pair)) {
      return;
    }
    if (state.truncating !== direction || chunk.length < minTruncatedBytes) {
      to.write(chunk);
      return;
    }
    state.truncating = undefined;
    from.pause();
    to.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => {
      reset(pair.client);
      pair.server.destroy();
    });
  });
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => {
    to.destroySoon();
    if (to.destroyed) {
      state.pairs.delete(pair);
    }
  });
  if (state.isStalled) {
    from.pause();
  }
}

function closePairs({ pairs }: ProxyState, how: "end" | "reset"): void {
  for (const { client, server } of pairs) {
    if (how === "reset") {
      reset(client);
      reset(server);
    } else {
      client.destroySoon();
      server.destroySoon();
    }
  }
}

function destroyAll(sockets: Iterable<Socket>): void {
  for (const socket of sockets) {
    socket.destroy();
  }
}

/** Resets a socket. Destroys it if it is being shut down, because Node.js 20 leaks such a socket on a reset and then does not exit. */
function reset(socket: Socket): void {
  if (socket.writableEnded) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

/**
 * Returns a function that waits for a probe. Calls during a probe wait for the next one, because their bytes may be behind the
 * probe that is running; all of them share it.
 */
function createFlush(runProbe: () => Promise<void>): () => Promise<void> {
  let latest: { hasBegun: boolean; done: Promise<void> } | undefined;
  return () => {
    if (latest === undefined || latest.hasBegun) {
      const before = latest?.done;
      const next = { hasBegun: false, done: Promise.resolve() };
      next.done = (async () => {
        await before;
        next.hasBegun = true;
        await runProbe();
        if (latest === next) {
          latest = undefined;
        }
      })();
      latest = next;
    }
    return latest.done;
  };
}

/**
 * Sends a request through the proxy until the server responds. The server accepts connections in the order in which they arrive,
 * one in each turn of the event loop, so all earlier connections have been accepted by then.
 */
async function probe(port: number, isTls: boolean): Promise<void> {
  for (let hasResponse = false; !hasResponse;) {
    hasResponse = await new Promise<boolean>((resolve) => {
      const socket = isTls
        ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false })
        : connect(port, "127.0.0.1");
      socket.once("data", () => {
        resolve(true);
        socket.destroy();
      });
      socket.once("error", () => socket.destroy());
      socket.once("close", () => resolve(false));
      socket.write("GET /debug/healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    });
    await sleep(5);
  }
}
