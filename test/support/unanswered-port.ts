import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A port of this machine that answers no connection attempt, as if a firewall dropped the packets. */
export interface UnansweredPort extends AsyncDisposable {
  readonly port: number;
}

/** The number of connections that wait to be accepted besides the first one. */
const backlog = 1;

/** A program that listens, prints its port, and never accepts a connection. */
const program = `
const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: ${backlog} }, () => {
  require("node:fs").writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** Starts a process that listens on a port, and fills its queue: Linux then drops all further connection attempts. */
export async function startUnansweredPort(): Promise<UnansweredPort> {
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(text.toString());
  const waiting: Socket[] = [];
  for (let count = 0; count <= backlog; count++) {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    waiting.push(socket.on("error", () => undefined));
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      waiting.forEach((socket) => socket.destroy());
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
