// Tables of clients that were measured for the same tasks.
import {
  factor,
  integer,
  megabytes,
  milliseconds,
  percent,
  significant,
} from "../harness/format.mjs";
import { median, ratio, spread, valuesOf } from "../harness/stats.mjs";
import { table } from "../harness/table.mjs";

export const inFlight = [1, 16, 128];

/** Returns `call` as a task for each number of calls in flight. */
export function createTasks(call, title) {
  return inFlight.map((count) => ({
    name: `${title}, ${count} in flight`,
    call,
    inFlight: count,
  }));
}

/** Returns the median ratio of the calls per second of `name` and `other` in the same rounds. */
export function rateRatio(byPeer, name, other) {
  return ratio(valuesOf(byPeer[name], "rate"), valuesOf(byPeer[other], "rate"));
}

/** Returns one table per task: the figures of each client, and their ratios to the clients of `against`. */
export function comparisonTables({ samples }, against) {
  return Object.entries(samples).map(([task, byPeer]) => {
    const columns = [
      "client",
      "calls/s",
      "±",
      ...against.map((name) => `to ${name}`),
      "CPU µs/call",
      "p50 ms",
      "p99 ms",
      "GC",
      "server busy",
    ];
    const rows = Object.entries(byPeer).map(([name, rounds]) => [
      name,
      integer(median(valuesOf(rounds, "rate"))),
      percent(spread(valuesOf(rounds, "rate"))),
      ...against.map((other) => factor(rateRatio(byPeer, name, other))),
      significant(median(valuesOf(rounds, "cpuUs"))),
      milliseconds(median(valuesOf(rounds, "p50Us"))),
      milliseconds(median(valuesOf(rounds, "p99Us"))),
      percent(median(valuesOf(rounds, "gcShare"))),
      percent(median(valuesOf(rounds, "serverShare"))),
    ]);
    return `### ${task}\n\n${table(columns, rows)}`;
  });
}

/** Returns the memory of the processes after warming up, and its growth after all rounds. */
export function memoryTable({ memory, samples }) {
  const calls = (name) =>
    Object.values(samples).flatMap((byPeer) => valuesOf(byPeer[name] ?? [], "calls"));
  const columns = ["client", "calls", "heap MB", "heap growth MB", "RSS MB", "RSS growth MB"];
  const rows = Object.entries(memory).map(([name, { before, after }]) => [
    name,
    integer(calls(name).reduce((sum, each) => sum + each, 0)),
    megabytes(before.heapUsed),
    megabytes(after.heapUsed - before.heapUsed),
    megabytes(before.rss),
    megabytes(after.rss - before.rss),
  ]);
  return `### Memory of the clients\n\nHeap after a forced collection, before and after all rounds.\n\n${table(columns, rows)}`;
}
