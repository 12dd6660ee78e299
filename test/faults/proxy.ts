import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

/** The server that a proxy forwards new connections to. */
export interface Target {
  readonly port: number;
  readonly isTls: boolean;
}

/** The way from a client to the server, which can be cut, closed and blocked. It does not look at what it carries. */
export interface Proxy {
  readonly port: number;
  /** True if bytes wait in the proxy. */
  readonly stalled: boolean;
  /** Ends all connections on both sides, in good order or with a reset. */
  cut(how: "end" | "reset"): void;
  /** Takes no connections, so that the system refuses them, and ends those there are. */
  refuse(): Promise<void>;
  /** Takes connections again, on the same port. */
  accept(): Promise<void>;
  /** Holds back all bytes, as a network that lost its way does. */
  stall(): void;
  resume(): void;
  /** The next bytes towards the server, or towards the client, arrive by half; then their connection breaks. */
  breakNext(direction: "request" | "answer"): void;
  /** Ends all connections, then takes new ones and forwards nothing on them. */
  silence(): void;
  /** Ends the connections that were taken in silence, and forwards new ones again. */
  endSilence(): void;
  /** Sends these bytes to all clients in place of whatever the server sends from now on, until `cut` ends the connections. */
  damage(bytes: Uint8Array): void;
  /** Resolves when all that was on its way to the server has arrived, though its sender may be gone. */
  flushed(): Promise<void>;
  close(): Promise<void>;
}

/** The size below which a chunk is only a frame that keeps a connection going. */
const leastBytes = 64;

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export async function createProxy(target: () => Target): Promise<Proxy> {
  const pairs = new Set<Pair>();
  const damaged = new WeakSet<Pair>();
  const unanswered = new Set<Socket>();
  let silent = false;
  let stalled = false;
  let breaking: "request" | "answer" | undefined;

  const forward = (pair: Pair, direction: "request" | "answer"): void => {
    const [from, to] =
      direction === "request" ? [pair.client, pair.server] : [pair.server, pair.client];
    from.on("data", (chunk: Buffer) => {
      if (direction === "answer" && damaged.has(pair)) {
        return;
      }
      if (breaking !== direction || chunk.length < leastBytes) {
        to.write(chunk);
        return;
      }
      breaking = undefined;
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
        pairs.delete(pair);
      }
    });
    if (stalled) {
      from.pause();
    }
  };
  const server: Server = createServer({ noDelay: true }, (client) => {
    if (silent) {
      unanswered.add(client);
      client.on("error", () => undefined).on("close", () => unanswered.delete(client));
      // Reads and drops what the client sends, so that its end is noticed.
      client.resume();
      return;
    }
    const pair = { client, server: connect(target().port, "127.0.0.1").setNoDelay(true) };
    pairs.add(pair);
    forward(pair, "request");
    forward(pair, "answer");
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const cut = (how: "end" | "reset"): void => {
    for (const { client, server: upstream } of pairs) {
      if (how === "reset") {
        reset(client);
        reset(upstream);
      } else {
        client.destroySoon();
        upstream.destroySoon();
      }
    }
  };
  const flow = (each: (socket: Socket) => void): void => {
    for (const pair of pairs) {
      each(pair.client);
      each(pair.server);
    }
  };
  const refuse = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    cut("reset");
    await closed;
  };
  let flushing: { begun: boolean; done: Promise<void> } | undefined;
  return {
    port,
    get stalled() {
      return stalled;
    },
    flushed() {
      // A probe that has begun may have been overtaken: whoever comes then waits for the next one.
      if (flushing === undefined || flushing.begun) {
        const before = flushing?.done;
        const next = { begun: false, done: Promise.resolve() };
        next.done = (async () => {
          await before;
          next.begun = true;
          await probe(port, target().isTls);
          if (flushing === next) {
            flushing = undefined;
          }
        })();
        flushing = next;
      }
      return flushing.done;
    },
    cut,
    refuse,
    accept: () => listen(port),
    stall() {
      stalled = true;
      flow((socket) => socket.pause());
    },
    resume() {
      stalled = false;
      flow((socket) => socket.resume());
    },
    breakNext: (direction) => void (breaking = direction),
    silence() {
      silent = true;
      cut("end");
    },
    endSilence() {
      silent = false;
      for (const socket of unanswered) {
        socket.destroy();
      }
    },
    damage(bytes) {
      for (const pair of pairs) {
        damaged.add(pair);
        pair.client.write(bytes);
      }
    },
    async close() {
      for (const socket of unanswered) {
        socket.destroy();
      }
      if (server.listening) {
        await refuse();
      }
      for (const pair of pairs) {
        pair.client.destroy();
        pair.server.destroy();
      }
    },
  };
}

/** Node.js 20 leaks a socket that is reset while it is being shut down, and then does not end any more. */
function reset(socket: Socket): void {
  if (socket.writableEnded) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

/**
 * Goes the way of a request. Connections are taken in the order in which they came, one in each turn of the event loop:
 * under load one whose client has long given up may still wait for its turn.
 */
async function probe(port: number, isTls: boolean): Promise<void> {
  for (let answered = false; !answered;) {
    answered = await new Promise<boolean>((resolve) => {
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
