import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** The ports below those that operating systems give to connections and to servers on port 0. */
const [lowestPort, highestPort] = [20_000, 32_767];

/**
 * Returns free ports of this machine, for programs that cannot choose one by themselves. No other test gets one of them by chance
 * before the program starts, because the operating system never assigns such a port.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(lowestPort, highestPort + 1);
    if (await isFree(port)) {
      ports.add(port);
    }
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  await once(server.close(), "close");
  return true;
}

/** Returns true if a server accepts a connection. Otherwise waits a moment, so that a caller may ask again at once. */
export async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    await wait(5);
    return false;
  } finally {
    socket.destroy();
  }
}
