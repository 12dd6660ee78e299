import { expect, test } from "vitest";
import { runSecretSearch } from "./run-secret-search.js";
import { listSinkOwners, summarizeLeaks } from "./report.js";

/**
 * Each call uses one of the protocols in turn. `ALL_PROTOCOLS=1` makes each call over all protocols, which takes three times as long.
 */
const step = process.env["ALL_PROTOCOLS"] === "1" ? 1 : 3;

// The search makes thousands of calls, which takes long on a busy machine.
test(
  "no planted secret appears in any output of a call, in any situation",
  { timeout: 120_000 },
  async () => {
    const report = await runSecretSearch(/(?:)/, step);
    const { calls, failures, rpcs, secretFields, markers, searched, leaks, surprises } = report;
    const texts = [...searched.values()].reduce((sum, count) => sum + count, 0);
    console.info(
      `search for secrets: ${rpcs} RPCs, ${secretFields} secret fields, ${markers} markers in ${calls} calls (${failures} failed); ` +
        `${texts} texts of ${listSinkOwners(searched.keys()).size} kinds of sinks searched, ${leaks.length} markers found`,
    );
    expect(surprises).toEqual([]);
    expect(summarizeLeaks(leaks)).toEqual([]);
    expect({ rpcs, secretFields }).toEqual({ rpcs: 97, secretFields: 52 });
  },
);
