import { describe, expect, test } from "vitest";
import { type FailedAttempt, chooseRetryPauseMs } from "../../src/policy/retry/retry-pause.js";
import type { RetryOptions } from "../../src/policy/retry/retry-options.js";

const broken: FailedAttempt = {
  attempt: 1,
  isTransient: true,
  isHarmless: true,
  isRejectedUnprocessed: false,
  retryAfterMs: undefined,
  remainingMs: Number.POSITIVE_INFINITY,
};

describe("the pause before a retry", () => {
  test.each<[string, Partial<FailedAttempt>, RetryOptions, number | undefined]>([
    ["of a first attempt is below the initial pause", {}, {}, 100],
    ["doubles its upper bound with each attempt", { attempt: 3 }, {}, 400],
    ["has an upper bound", { attempt: 4 }, { maxPauseMs: 500 }, 250],
    ["is zero if the server refused to begin", { isRejectedUnprocessed: true }, {}, 0],
    [
      "is random if the server refused to begin twice",
      { isRejectedUnprocessed: true, attempt: 2 },
      {},
      200,
    ],
    ["is a little longer than Retry-After", { retryAfterMs: 1000 }, {}, 1100],
    ["follows a Retry-After of zero", { retryAfterMs: 0 }, {}, 100],
    ["follows the longest Retry-After", { retryAfterMs: 30_000 }, {}, 30_100],
    ["does not follow a longer one", { retryAfterMs: 30_001 }, {}, undefined],
    [
      "does not follow one above the option",
      { retryAfterMs: 2 },
      { maxRetryAfterMs: 1 },
      undefined,
    ],
    ["is none after the last attempt", { attempt: 5 }, {}, undefined],
    ["is none after the last attempt of the option", {}, { maxAttempts: 1 }, undefined],
    ["is none for a lasting error", { isTransient: false }, {}, undefined],
    ["is none if a retry may do harm", { isHarmless: false }, {}, undefined],
    ["is none if it ends with the deadline", { remainingMs: 100 }, {}, undefined],
    ["may end before the deadline", { remainingMs: 101 }, {}, 100],
  ])("%s", (_, failed, options, expected) => {
    expect(chooseRetryPauseMs({ ...broken, ...failed }, { random: () => 0.5, ...options })).toBe(
      expected,
    );
  });
});
