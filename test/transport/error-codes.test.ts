import { describe, expect, test } from "vitest";
import { createCausedTokenError } from "../../src/auth/caused-token-error.js";
import { toNetworkError } from "../../src/transport/http/network-error.js";
import { findDeepestErrorCode, listErrorCodes } from "../../src/utils/error-codes.js";
import { isError } from "../../src/utils/is-error.js";
import { listCauses } from "../../src/utils/list-causes.js";
import { Code } from "@connectrpc/connect";

function coded(code: unknown, cause?: unknown): Error {
  return Object.assign(new Error(`text of ${String(code)}`, { cause }), { code });
}

const circle = coded("EPIPE");
circle.cause = circle;

describe.each<[string, unknown, string | undefined]>([
  ["an error of the operating system", coded("ECONNREFUSED"), "ECONNREFUSED"],
  [
    "an error that fetch wraps",
    new TypeError("fetch failed", { cause: coded("ENOTFOUND") }),
    "ENOTFOUND",
  ],
  [
    "an error that two libraries wrap",
    new Error("a", { cause: new Error("b", { cause: coded("ECONNRESET") }) }),
    "ECONNRESET",
  ],
  ["an error with a code whose cause has none", coded("ETIMEDOUT", new Error("a")), "ETIMEDOUT"],
  ["an error with a code whose cause has another", coded("ERR_X", coded("EPIPE")), "EPIPE"],
  ["an error whose code is a number", coded(14), undefined],
  ["an error that is its own cause", circle, "EPIPE"],
  ["no error", "ECONNREFUSED", undefined],
])("%s", (_, error, code) => {
  test(`has the code ${code}`, () => {
    expect(findDeepestErrorCode(error)).toBe(code);
  });

  test("has the same code in the error of a call and in the error of its token", () => {
    const call = toNetworkError(error, { headerNames: [], sent: true });
    const token = createCausedTokenError("no token", Code.Unavailable, error);
    const texts = [call, token.cause].map((each) => (isError(each) ? each.message : ""));
    const count = code === undefined ? 0 : isError(error) ? 2 : 1;
    expect(texts.filter((text) => text.includes(`(${code})`))).toHaveLength(count);
  });
});

test("Causes are listed from the nearest to the deepest, and the errors of an AggregateError come after it", () => {
  const aggregate = new AggregateError([coded("E1", coded("E2")), coded("E3")], "all failed");
  aggregate.cause = coded("E4");
  const error = new Error("outer", { cause: aggregate });
  expect(listErrorCodes([error, ...listCauses(error)])).toEqual(["E1", "E2", "E3", "E4"]);
});
