import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createServerClock } from "../../src/providers/resolve-create/server-clock.js";

const noon = Date.UTC(2026, 0, 1, 12);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns the headers that a server sends now if its clock is ahead by the given number of milliseconds. */
function dateOf(aheadMs: number): Headers {
  return new Headers({ date: new Date(Date.now() + aheadMs).toUTCString() });
}

test("without a date, the clock is unknown", () => {
  const clock = createServerClock();
  clock.observe(new Headers());
  clock.observe(new Headers({ date: "yesterday" }));
  expect(clock.earliest(new Date())).toBeUndefined();
});

test.each([0, 300, 999, 3_600_000, -3_600_000, 12_345_678])(
  "a clock that is ahead by %i ms is estimated to 1.25 s, and never too late",
  (aheadMs) => {
    for (let phase = 0; phase < 1000; phase += 50) {
      vi.setSystemTime(noon + phase);
      const clock = createServerClock();
      clock.observe(dateOf(aheadMs));
      const lateness = noon + aheadMs - Number(clock.earliest(new Date(noon)));
      expect(lateness).toBeGreaterThanOrEqual(250);
      expect(lateness).toBeLessThan(1250);
    }
  },
);

test("more dates make the estimate more exact", () => {
  const clock = createServerClock();
  for (let at = 0; at < 2000; at += 70) {
    vi.setSystemTime(noon + at);
    clock.observe(dateOf(5000));
  }
  const lateness = noon + 5000 - Number(clock.earliest(new Date(noon)));
  expect(lateness).toBeGreaterThanOrEqual(250);
  expect(lateness).toBeLessThan(350);
});

test("a slow response does not make the estimate later", () => {
  const clock = createServerClock();
  const headers = dateOf(0);
  vi.setSystemTime(noon + 3000);
  clock.observe(headers);
  expect(Number(clock.earliest(new Date(noon)))).toBe(noon - 3250);
});
