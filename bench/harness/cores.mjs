// The assignment of processes to cores. Only Linux supports it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Returns the cores that this process may use. Empty if it cannot choose cores. */
function listAllowedCores() {
  if (process.platform !== "linux" || spawnSync("taskset", ["--version"]).status !== 0) {
    return [];
  }
  const [, list = ""] =
    /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

const [server, client] = listAllowedCores();

/**
 * The cores of the server and of the clients, which are measured one at a time. Without two cores, both are `undefined`.
 */
export const cores = client === undefined ? {} : { server, client };

/** The cores of the processes, for the report. */
export const pinningText =
  client === undefined
    ? "unpinned"
    : `the server on core ${server}, clients on core ${client}, one of them at a time`;

/** Returns a command line that runs `command` on `core`. */
export function pinToCore(core, command) {
  return core === undefined ? command : ["taskset", "-c", String(core), ...command];
}
