import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { describeBinaryMistake } from "../../src/emulator/wire/describe-binary-mistake.js";

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

test.each<[realm: string, error: unknown]>([
  [
    "this realm",
    catchError(() => new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.of(0xff))),
  ],
  ["another realm, as in Jest", catchError(() => runInNewContext("null.text"))],
])("text that is not UTF-8 is recognized by a TypeError of %s", (_, error) => {
  expect(describeBinaryMistake(error)).toBe("string field contains invalid UTF-8");
});

test("any other error is a mistake of the wire format", () => {
  expect(describeBinaryMistake(new RangeError("premature EOF"))).toBe(
    "proto: cannot parse invalid wire-format data",
  );
});
