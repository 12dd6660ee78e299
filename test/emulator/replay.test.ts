import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRecording } from "../support/recordings.js";
import { wireNames } from "../support/wires.js";
import { findDifference } from "./known-differences.js";
import { createReplaySeed, type ReplayedStep, replayRecording } from "./replay-recording.js";
import { rpcRecordings } from "./replayed-recordings.js";
import { type ServedState, serveState } from "./serve-state.js";

describe.each(Object.entries(rpcRecordings))("the recording %s", (name, count) => {
  const recording = readRecording(name);

  describe.each(wireNames)("over %s", (wire) => {
    let served: ServedState;
    let results: ReplayedStep[];
    beforeAll(async () => {
      served = await serveState(createReplaySeed(name, wire));
      results = await replayRecording(recording, wire, served);
    });
    afterAll(() => served.close());

    test(`has ${count} steps that match`, () => {
      for (const { step, outcome, expected } of results) {
        const difference =
          findDifference(name, step.name) ?? findDifference(name, `${step.name} (${wire})`);
        const check = expect.soft(
          outcome,
          `${step.name}${difference ? " (listed as different)" : ""}`,
        );
        (difference === undefined ? check : check.not).toEqual(expected);
      }
      expect(results.length).toBe(count);
    });
  });
});
