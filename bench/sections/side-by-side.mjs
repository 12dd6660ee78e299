// Tables of clients that were measured for the same tasks.
import {
  formatFactor,
  formatInteger,
  formatMegabytes,
  formatMilliseconds,
  formatPercent,
  formatSignificant,
} from "../harness/format.mjs";
import { median, ratio, spread, valuesOf } from "../harness/stats.mjs";
import { formatTable } from "../harness/format-table.mjs";

export const inFlight = [1, 16, 128];

/** Creates a task for each number of calls in flight. */
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

/** Formats one table per task: the figures of each client, and their ratios to the figures of the clients in `against`. */
export function formatComparisons({ samples }, against) {
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
      formatInteger(median(valuesOf(rounds, "rate"))),
      formatPercent(spread(valuesOf(rounds, "rate"))),
      ...against.map((other) => formatFactor(rateRatio(byPeer, name, other))),
      formatSignificant(median(valuesOf(rounds, "cpuUs"))),
      formatMilliseconds(median(valuesOf(rounds, "p50Us"))),
      formatMilliseconds(median(valuesOf(rounds, "p99Us"))),
      formatPercent(median(valuesOf(rounds, "gcShare"))),
      formatPercent(median(valuesOf(rounds, "serverShare"))),
    ]);
    return `### ${task}\n\n${formatTable(columns, rows)}`;
  });
}

/** Formats the memory of the processes after warming up, and its growth after all rounds. */
export function formatMemory({ memory, samples }) {
  const calls = (name) =>
    Object.values(samples).flatMap((byPeer) => valuesOf(byPeer[name] ?? [], "calls"));
  const columns = ["client", "calls", "heap MB", "heap growth MB", "RSS MB", "RSS growth MB"];
  const rows = Object.entries(memory).map(([name, { before, after }]) => [
    name,
    formatInteger(calls(name).reduce((sum, each) => sum + each, 0)),
    formatMegabytes(before.heapUsed),
    formatMegabytes(after.heapUsed - before.heapUsed),
    formatMegabytes(before.rss),
    formatMegabytes(after.rss - before.rss),
  ]);
  return `### Memory of the clients\n\nHeap after a forced collection, before and after all rounds.\n\n${formatTable(columns, rows)}`;
}
