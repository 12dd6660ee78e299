// Tables of clients that were measured for the same tasks.
import { digits, megabytes, milliseconds, percent, times, whole } from "../harness/format.mjs";
import { median, ratio, spread } from "../harness/stats.mjs";
import { table } from "../harness/table.mjs";

export const inFlight = [1, 16, 128];

/** Returns `call` as a task for each number of calls in flight. */
export function tasksOf(call, title) {
  return inFlight.map((count) => ({
    name: `${title}, ${count} in flight`,
    call,
    inFlight: count,
  }));
}

const of = (samples, key) => samples.map((sample) => sample[key]);

/** Returns the median ratio of the calls per second of `name` and `other` in the same rounds. */
export function rateRatio(byPeer, name, other) {
  return ratio(of(byPeer[name], "rate"), of(byPeer[other], "rate"));
}

/** Returns one table per task: the figures of each client, and their ratios to the clients of `against`. */
export function comparison({ samples }, against) {
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
      whole(median(of(rounds, "rate"))),
      percent(spread(of(rounds, "rate"))),
      ...against.map((other) => times(rateRatio(byPeer, name, other))),
      digits(median(of(rounds, "cpuUs"))),
      milliseconds(median(of(rounds, "p50Us"))),
      milliseconds(median(of(rounds, "p99Us"))),
      percent(median(of(rounds, "gcShare"))),
      percent(median(of(rounds, "serverShare"))),
    ]);
    return `### ${task}\n\n${table(columns, rows)}`;
  });
}

/** Returns the memory of the processes after warming up, and its growth after all rounds. */
export function memoryTable({ memory, samples }) {
  const calls = (name) =>
    Object.values(samples).flatMap((byPeer) => of(byPeer[name] ?? [], "calls"));
  const columns = ["client", "calls", "heap MB", "heap growth MB", "RSS MB", "RSS growth MB"];
  const rows = Object.entries(memory).map(([name, { before, after }]) => [
    name,
    whole(calls(name).reduce((sum, each) => sum + each, 0)),
    megabytes(before.heapUsed),
    megabytes(after.heapUsed - before.heapUsed),
    megabytes(before.rss),
    megabytes(after.rss - before.rss),
  ]);
  return `### Memory of the clients\n\nHeap after a forced collection, before and after all rounds.\n\n${table(columns, rows)}`;
}
