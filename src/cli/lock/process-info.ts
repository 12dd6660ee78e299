import { readFile, readlink } from "node:fs/promises";

/** The facts about a running process that tell it apart from others. */
interface ProcessInfo {
  readonly isZombie: boolean;
  /** The start time in ticks since boot. */
  readonly started: string;
}

/** Reads the state and start time of a process from /proc (Linux). Undefined on other systems, and for hidden processes. */
export async function readProcessInfo(pid: number): Promise<ProcessInfo | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // Split after the last parenthesis: the process name before it may contain spaces and parentheses.
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const started = fields[18];
  return started === undefined ? undefined : { isZombie: state === "Z" || state === "X", started };
}

/** Returns the boot and the PID namespace of this process (Linux). Undefined on other systems. */
export async function readPidSpace(): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}
