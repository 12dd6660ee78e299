import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createServerClock } from "../../src/providers/resolve-create/server-clock.js";

const noon = Date.UTC(2026, 0, 1, 12);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns the HTTP date that a server writes now if its clock is ahead by the given number of milliseconds. */
function httpDate(aheadMs = 0): string {
  return new Date(Date.now() + aheadMs).toUTCString();
}

/** Returns headers by which a client can only learn the time from `date`. */
function dateOf(aheadMs: number): Headers {
  return new Headers({ date: httpDate(aheadMs) });
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const noStore = { "cache-control": "no-store" };

/** Cases of headers with the lead of the clock that they show. `undefined`: nothing to believe. */
const headerCases: readonly {
  readonly name: string;
  readonly headers: () => Record<string, string>;
  readonly aheadMs: number | undefined;
}[] = [
  { name: "no headers", headers: () => ({}), aheadMs: undefined },
  { name: "a date that is not one", headers: () => ({ date: "yesterday" }), aheadMs: undefined },
  {
    name: "JSON",
    headers: () => ({ ...noStore, expires: httpDate(hour), date: httpDate(hour) }),
    aheadMs: hour,
  },
  {
    name: "gRPC and gRPC-web",
    headers: () => ({
      ...noStore,
      expires: httpDate(hour),
      "grpc-metadata-expires": httpDate(hour),
    }),
    aheadMs: hour,
  },
  {
    name: "JSON in a page of another origin, which cannot read `date`",
    headers: () => ({ ...noStore, expires: httpDate(-hour) }),
    aheadMs: -hour,
  },
  {
    name: "a proxy that sends its own `date`",
    headers: () => ({ ...noStore, expires: httpDate(hour), date: httpDate(hour + 20 * second) }),
    aheadMs: hour,
  },
  {
    name: "a proxy that adds directives",
    headers: () => ({
      "cache-control": "no-store, no-cache, max-age=0, must-revalidate",
      expires: httpDate(5 * second),
      date: httpDate(8 * second),
    }),
    aheadMs: 5 * second,
  },
  {
    name: "nginx with `expires 1h`",
    headers: () => ({
      "cache-control": "max-age=3600",
      expires: httpDate(hour),
      date: httpDate(),
    }),
    aheadMs: 0,
  },
  {
    name: "nginx with `expires 1h` in front of gRPC",
    headers: () => ({
      "cache-control": "max-age=3600",
      expires: httpDate(hour),
      date: httpDate(minute),
      "grpc-metadata-expires": httpDate(5 * second),
    }),
    aheadMs: 5 * second,
  },
  {
    name: "nginx with `expires -1`",
    headers: () => ({ "cache-control": "no-cache", expires: httpDate(-second), date: httpDate() }),
    aheadMs: 0,
  },
  ...["0", "-1", "Thu, 01 Jan 1970 00:00:01 GMT", "Mon, 26 Jul 1997 05:00:00 GMT"].map(
    (expires) => ({
      name: `a proxy that sends \`expires: ${expires}\``,
      headers: () => ({ ...noStore, expires, date: httpDate(hour) }),
      aheadMs: hour,
    }),
  ),
  {
    name: "a fixed date in the past, without `date`",
    headers: () => ({ ...noStore, expires: "Thu, 01 Jan 1970 00:00:00 GMT" }),
    aheadMs: undefined,
  },
  {
    name: "a later `expires`, without `date`",
    headers: () => ({ "cache-control": "no-store, max-age=3600", expires: httpDate(hour) }),
    aheadMs: undefined,
  },
  {
    name: "`expires` and `date` that contradict each other",
    headers: () => ({ ...noStore, expires: httpDate(hour), date: httpDate() }),
    aheadMs: undefined,
  },
  {
    name: "two times in one header",
    headers: () => ({ date: `${httpDate()}, ${httpDate()}` }),
    aheadMs: undefined,
  },
];

test.each(headerCases)("the headers of $name show the lead $aheadMs", ({ headers, aheadMs }) => {
  const clock = createServerClock();
  clock.observe(new Headers(headers()));
  const earliest = clock.earliest(new Date(noon));
  expect(earliest && Number(earliest) - noon + 250).toBe(aheadMs);
  expect(clock.leadMs()).toBe(aheadMs);
});

test("ZITADEL's own time takes precedence over any `date`, in either order", () => {
  const own = new Headers({ ...noStore, expires: httpDate(-day), date: httpDate(-day) });
  for (const order of [
    [own, dateOf(hour)],
    [dateOf(hour), own],
  ]) {
    const clock = createServerClock();
    for (const headers of order) {
      clock.observe(headers);
    }
    expect(Number(clock.earliest(new Date(noon))) - noon + 250).toBe(-day);
  }
});

test.each([0, 300, 999, 3_600_000, -3_600_000, 12_345_678])(
  "the estimate for a clock that is ahead by %i ms is exact to 1.25 s, and never too late",
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
