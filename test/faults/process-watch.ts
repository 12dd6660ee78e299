import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Violation } from "./find-violations.js";

/** The time that closed sockets and timers may take to disappear. */
const closingMs = 3000;

/** The interval of a timer, and the delay of it that shows that the process was blocked. */
const intervalMs = 25;
const blockedMs = 50;

export interface ProcessWatch {
  /** Returns the time for which the process was blocked between two times. No timer can fire in it. */
  measureBlockedMs(fromMs: number, toMs: number): number;
  readonly worstBlockMs: number;
  /** Stops watching. Returns unhandled errors, and handles that stay open. */
  findLeftovers(): Promise<[Violation, string][]>;
}

/** Watches the process for unhandled errors, open handles, and times in which it is blocked. */
export function watchProcess(): ProcessWatch {
  const blocks: { fromMs: number; toMs: number }[] = [];
  let lastMs = performance.now();
  const tick = (): void => {
    const now = performance.now();
    if (now - lastMs > intervalMs + blockedMs) {
      blocks.push({ fromMs: lastMs + intervalMs, toMs: now });
    }
    lastMs = now;
  };
  const timer = setInterval(tick, intervalMs).unref();
  const problems: [Violation, string][] = [];
  const note = (reason: unknown): void => {
    problems.push([
      "unhandledError",
      reason instanceof Error ? (reason.stack ?? "") : String(reason),
    ]);
  };
  // Replaces the listeners of the test runner, because the campaign reports unhandled errors itself.
  const events = ["unhandledRejection", "uncaughtException"] as const;
  const listeners = events.map((name) => [name, process.rawListeners(name)] as const);
  for (const name of events) {
    process.removeAllListeners(name);
    process.on(name as string, note);
  }
  const before = openHandles();
  return {
    measureBlockedMs(fromMs, toMs) {
      tick();
      return blocks.reduce(
        (sum, each) => sum + Math.max(0, Math.min(each.toMs, toMs) - Math.max(each.fromMs, fromMs)),
        0,
      );
    },
    get worstBlockMs() {
      return Math.max(0, ...blocks.map(({ fromMs, toMs }) => toMs - fromMs));
    },
    async findLeftovers() {
      clearInterval(timer);
      const endMs = performance.now() + closingMs;
      let handles = more(openHandles(), before);
      while (handles.length > 0 && performance.now() < endMs) {
        await sleep(20);
        handles = more(openHandles(), before);
      }
      handles = handles.map((each) => `${each} ${openSockets()}`);
      for (const [name, others] of listeners) {
        process.off(name, note);
        for (const other of others) {
          process.on(name as string, other as () => void);
        }
      }
      return [...problems, ...handles.map((each): [Violation, string] => ["openHandle", each])];
    },
  };
}

function openHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Describes the sockets by their ports, which identify their owners, and those without a peer by their state. */
function openSockets(): string {
  const handles = (Reflect.get(process, "_getActiveHandles") as () => object[]).call(process);
  return handles
    .filter((each) => each instanceof Socket)
    .map((socket) => {
      const { localPort, remotePort, readyState, connecting, destroyed } = socket;
      const events = socket.eventNames().map(String).join(" ");
      return remotePort === undefined
        ? `no peer, ${readyState}, connecting: ${connecting}, destroyed: ${destroyed}, listeners: ${events}`
        : `${localPort} to ${remotePort}, ${readyState}`;
    })
    .join("; ");
}

function more(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): string[] {
  return [...now].flatMap(([name, count]) => {
    const extra = count - (before.get(name) ?? 0);
    return extra > 0 ? [`${extra} × ${name}`] : [];
  });
}
