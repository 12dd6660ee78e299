import { expect, test } from "vitest";
import { questionsIn } from "../../tools/comment-subjects.mjs";

// Each text is in two parts, so that the check does not find it here.
test.each([
  ["/**", "What a caller sees. */"],
  ["  /**\n   *", "Whether the call is over.\n   */"],
  ["//", "How a list is read."],
  ["  //", "Whoever calls this."],
  ["const a = 1; //", "Where it is."],
  ["/*", "Which one. */"],
])("finds a comment that begins with a question word: %j, %j", (start, text) => {
  const found = questionsIn(`${start} ${text}`).map(({ word }) => word);
  expect(found).toEqual([text.split(" ")[0]]);
});

test.each([
  "/** Returns what a caller sees. */",
  "// Whatsoever",
  "// The reason: What begins a later part of a line.",
  'const url = "https://What.example";',
  'const text = "What a caller sees";',
])("accepts %j", (text) => {
  expect(questionsIn(text)).toEqual([]);
});

test("counts lines from 1", () => {
  expect(questionsIn(["const a = 1;", "", "//".concat(" What follows")].join("\n"))).toEqual([
    { line: 3, word: "What" },
  ]);
});
