import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Deadline, type Ending } from "../../src/call/deadline.js";
import { startDeadline } from "../../src/call/start-deadline.js";

const timeoutMs = 1000;
const reason = new Error("over");

/** A deadline with everything that can end it. */
interface Sources {
  readonly deadline: Deadline;
  readonly stop: () => void;
  readonly outer: Deadline;
  readonly controller: AbortController;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function create(): Sources {
  const outer = new Deadline();
  const controller = new AbortController();
  const started = startDeadline({ timeoutMs, signal: controller.signal, outer });
  return { ...started, outer, controller };
}

function countListeners({ signal }: AbortController): number {
  return getEventListeners(signal, "abort").length;
}

describe("a deadline", () => {
  const ends: [string, Ending, (sources: Sources) => unknown][] = [
    ["its timer", "deadline", () => vi.advanceTimersByTime(timeoutMs)],
    ["the abort of its signal", "aborted", ({ controller }) => controller.abort(reason)],
    [
      "the timeout of its signal",
      "timeout-signal",
      ({ controller }) => controller.abort(new DOMException("late", "TimeoutError")),
    ],
    ["the close of its client", "closed", ({ deadline }) => deadline.end(reason, "closed")],
    ["its outer deadline", "closed", ({ outer }) => outer.end(reason, "closed")],
  ];

  test.each(ends)("ended by %s stops its timer and leaves its signal", (_, ending, end) => {
    const sources = create();
    const ended = vi.fn();
    sources.deadline.onEnd(ended);
    expect([vi.getTimerCount(), countListeners(sources.controller)]).toEqual([1, 1]);
    end(sources);
    expect([vi.getTimerCount(), countListeners(sources.controller)]).toEqual([0, 0]);
    expect(sources.deadline.ending).toBe(ending);
    expect(ended).toHaveBeenCalledExactlyOnceWith(sources.deadline.signal.reason, ending);
  });

  test("ends only by `end` after it is stopped", () => {
    const { deadline, stop, outer, controller } = create();
    stop();
    expect([vi.getTimerCount(), countListeners(controller)]).toEqual([0, 0]);
    controller.abort(reason);
    outer.end(reason, "aborted");
    expect(deadline.ending).toBeUndefined();
    deadline.end(reason, "closed");
    expect(deadline.ending).toBe("closed");
  });

  test("keeps its first end", () => {
    const { deadline, outer, controller } = create();
    controller.abort(reason);
    outer.end(new Error("later"), "closed");
    expect(deadline.ending).toBe("aborted");
    expect(() => deadline.throwIfEnded()).toThrow(reason);
  });

  test("with an already aborted signal starts no timer and ignores its outer deadline", () => {
    const outer = new Deadline();
    const { deadline } = startDeadline({ timeoutMs, signal: AbortSignal.abort(reason), outer });
    expect(deadline.ending).toBe("aborted");
    expect(vi.getTimerCount()).toBe(0);
    outer.end(new Error("later"), "closed");
    expect([deadline.ending, deadline.reason]).toEqual(["aborted", reason]);
  });

  test("has no more time than its outer deadline", () => {
    const { deadline: outer } = startDeadline({ timeoutMs });
    const remainingOf = (inner: number): number =>
      startDeadline({ timeoutMs: inner, outer }).deadline.remainingMs;
    expect(remainingOf(2 * timeoutMs)).toBe(outer.remainingMs);
    expect(remainingOf(1)).toBe(1);
  });

  test("runs a new callback at once after its end, and never an unregistered one", () => {
    const { deadline } = create();
    const [left, late] = [vi.fn(), vi.fn()];
    deadline.onEnd(left)();
    deadline.end(reason, "closed");
    deadline.onEnd(late);
    expect(left).not.toHaveBeenCalled();
    expect(late).toHaveBeenCalledExactlyOnceWith(reason, "closed");
  });

  test("rejects a race with its reason, unless the work ends first", async () => {
    const { deadline } = create();
    expect(await deadline.race(Promise.resolve("done"))).toBe("done");
    const race = deadline.race(new Promise(() => undefined));
    deadline.end(reason, "closed");
    await expect(race).rejects.toBe(reason);
  });

  test("inside an ended one has the same ending, and starts no timer and no listener", () => {
    const outer = new Deadline();
    outer.end(reason, "closed");
    const controller = new AbortController();
    const { deadline } = startDeadline({ timeoutMs, signal: controller.signal, outer });
    expect(deadline.ending).toBe("closed");
    expect([vi.getTimerCount(), countListeners(controller)]).toEqual([0, 0]);
  });
});
