// The parent's end of a child process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pinToCore } from "./cores.mjs";

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Starts `script`, a path below bench/, on `core` if it is given. */
export function startProcess(script, { core, flags = [], name = script } = {}) {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const [program, ...args] = pinToCore(core, [process.execPath, ...flags, path]);
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  running.add(child);
  const waiting = new Map();
  let lastId = 0;
  child.on("message", ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) {
      resolve(result);
    } else {
      reject(new Error(`${name}: ${error}`));
    }
  });
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => fail(`ended with ${signal ?? code}`));

  function fail(reason) {
    running.delete(child);
    for (const { reject } of waiting.values()) {
      reject(new Error(`${name}: ${reason}`));
    }
    waiting.clear();
  }

  return {
    name,
    /** Sends a command to the child and returns its result. */
    async request(command, argument) {
      if (!running.has(child)) {
        throw new Error(`${name}: is not running`);
      }
      return await new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        child.send({ id, command, argument });
      });
    },
    async stop() {
      if (running.has(child)) {
        const end = once(child, "exit");
        child.disconnect();
        await end;
      }
    },
  };
}
