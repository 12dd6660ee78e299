import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Violation } from "./verdict.js";

/** For so long what was closed may take to be gone. */
const closingMs = 3000;

/** A timer that comes so much too late shows that the process did nothing else. */
const beatMs = 25;
const blockedMs = 50;

export interface ProcessWatch {
  /** For how long the process was blocked between two times: no timer fires then, whoever set it. */
  blockedMs(fromMs: number, toMs: number): number;
  readonly worstBlockMs: number;
  end(): Promise<[Violation, string][]>;
}

/** Looks after what a campaign must not leave behind in its process, and after how busy that is. */
export function watchProcess(): ProcessWatch {
  const blocks: { fromMs: number; toMs: number }[] = [];
  let lastMs = performance.now();
  const beat = (): void => {
    const now = performance.now();
    if (now - lastMs > beatMs + blockedMs) {
      blocks.push({ fromMs: lastMs + beatMs, toMs: now });
    }
    lastMs = now;
  };
  const heart = setInterval(beat, beatMs).unref();
  const problems: [Violation, string][] = [];
  const note = (reason: unknown): void => {
    problems.push(["unhandled", reason instanceof Error ? (reason.stack ?? "") : String(reason)]);
  };
  // In the place of others who listen, such as a test runner: the campaign tells of them itself.
  const events = ["unhandledRejection", "uncaughtException"] as const;
  const listeners = events.map((name) => [name, process.rawListeners(name)] as const);
  for (const name of events) {
    process.removeAllListeners(name);
    process.on(name as string, note);
  }
  const before = openHandles();
  return {
    blockedMs(fromMs, toMs) {
      beat();
      return blocks.reduce(
        (sum, each) => sum + Math.max(0, Math.min(each.toMs, toMs) - Math.max(each.fromMs, fromMs)),
        0,
      );
    },
    get worstBlockMs() {
      return Math.max(0, ...blocks.map(({ fromMs, toMs }) => toMs - fromMs));
    },
    async end() {
      clearInterval(heart);
      const endMs = performance.now() + closingMs;
      let left = more(openHandles(), before);
      while (left.length > 0 && performance.now() < endMs) {
        await sleep(20);
        left = more(openHandles(), before);
      }
      left = left.map((each) => `${each} ${openSockets()}`);
      for (const [name, others] of listeners) {
        process.off(name, note);
        for (const other of others) {
          process.on(name as string, other as () => void);
        }
      }
      return [...problems, ...left.map((each): [Violation, string] => ["openHandle", each])];
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

/** Describes the open sockets by their ports, which tell whose they are. */
function openSockets(): string {
  const handles = (Reflect.get(process, "_getActiveHandles") as () => object[]).call(process);
  return handles
    .filter((each) => each instanceof Socket && each.remotePort !== undefined)
    .map((each) => {
      const { localPort, remotePort, readyState } = each as Socket;
      return `${localPort} to ${remotePort}, ${readyState}`;
    })
    .join("; ");
}

function more(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): string[] {
  return [...now].flatMap(([name, count]) => {
    const extra = count - (before.get(name) ?? 0);
    return extra > 0 ? [`${extra} × ${name}`] : [];
  });
}
