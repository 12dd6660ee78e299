// Keeps a number of calls in flight for a while, and measures them.
import { constants, PerformanceObserver } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { quantile } from "./stats.mjs";

/**
 * The durations of the calls of one load. All loads share this buffer, so that none allocates it. Calls beyond its length are counted
 * but not timed.
 */
const latencies = new Float64Array(1 << 20);

/** The minimum number of calls, so that a list that takes longer than `ms` is measured too. */
const minCalls = 3;

let gcMs = 0;
const collections = new PerformanceObserver((list) => addCollections(list.getEntries()));
collections.observe({ entryTypes: ["gc"] });

function addCollections(entries) {
  for (const { duration, detail } of entries) {
    // Concurrent garbage collection does not pause the calls.
    if (detail?.kind !== constants.NODE_PERFORMANCE_GC_INCREMENTAL) {
      gcMs += duration;
    }
  }
}

/** Makes calls for `ms` milliseconds, but at most `maxCalls` calls. The first failure ends the load. */
export async function load(call, { inFlight, ms, maxCalls = Infinity }) {
  let calls = 0;
  let failed = false;
  await setImmediate();
  addCollections(collections.takeRecords());
  gcMs = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + ms;
  const worker = async () => {
    let now = performance.now();
    while (!failed && (calls < minCalls || (now < end && calls < maxCalls))) {
      const begin = now;
      try {
        await call();
      } catch (error) {
        failed = true;
        throw error;
      }
      now = performance.now();
      if (calls < latencies.length) {
        latencies[calls] = now - begin;
      }
      calls++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsedMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  await setImmediate();
  addCollections(collections.takeRecords());
  const sorted = latencies.subarray(0, Math.min(calls, latencies.length)).toSorted();
  return {
    calls,
    rate: (calls / elapsedMs) * 1000,
    cpuUs: (user + system) / calls,
    p50Us: quantile(sorted, 0.5) * 1000,
    p99Us: quantile(sorted, 0.99) * 1000,
    gcShare: gcMs / elapsedMs,
    elapsedMs,
  };
}
