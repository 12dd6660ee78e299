import { describe, expect, test } from "vitest";
import { RequestHeaders } from "../../src/transport/request-headers.js";

/** Returns the value that is sent, or the error. */
function kept(headers: Pick<Headers, "get" | "set">, value: string): unknown {
  try {
    headers.set("authorization", value);
    return headers.get("authorization");
  } catch (error) {
    return (error as Error).constructor;
  }
}

describe("accepts the same values as Headers, and normalizes them in the same way", () => {
  test.each([
    "Bearer token",
    "",
    "x",
    " blanks around ",
    "\ttabs\t",
    "tabs\twithin",
    "Zürich",
    "horse 🐎",
    "two\nlines",
    "two\r\nlines",
    "line end\n",
    "nothing\0",
    "\x7f",
  ])("%j", (value) => {
    expect(kept(new RequestHeaders({}), value)).toEqual(kept(new Headers(), value));
  });
});

test("returns the values that are set", () => {
  const headers = new RequestHeaders({ te: "trailers" });
  expect([headers.has("te"), headers.get("te")]).toEqual([true, "trailers"]);
  for (const other of ["x-other", "constructor", "__proto__"]) {
    expect([headers.has(other), headers.get(other)]).toEqual([false, null]);
  }
});
