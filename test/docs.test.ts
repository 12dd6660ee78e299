import { beforeAll, describe, expect, test } from "vitest";
import { compileSnippets, readSnippets, runSnippet, writeSnippets } from "./support/snippets.js";

/** What the snippets of each document print, in order. */
const documents: Record<string, (string | RegExp)[]> = {
  "docs/testing.md": [
    /^TAP version 13\n1\.\.2\nok 1 - snippet-1\.test\.js > adds a provider[^\n]*\nok 2 - snippet-1\.test\.js > starts with none[^\n]*\n$/,
    "grpc Google\n",
    "ListProviders ok\nGetProviderByID not_found\n[ 'QUERY-SAFrt' ]\n",
    "drop 1 true\ngoaway 1 true\nstatus 1 true\nstale-token 1 true\nhttp 1 true\nhttp 1 true\n1\n",
    "0 true\n1\n",
  ],
};

describe.each(Object.entries(documents))("the snippets of %s", (document, printed) => {
  const snippets = readSnippets(document);
  let folder: string;
  beforeAll(async () => {
    folder = await writeSnippets(document.replaceAll(/\W/g, "-"), snippets);
  });

  test("are as many as their outputs", () => expect(snippets.length).toBe(printed.length));

  test("compile under strict settings", () => compileSnippets(folder));

  test.each(snippets.map((snippet, index) => ({ ...snippet, output: printed[index] })))(
    "$name",
    async ({ output = "", ...snippet }) => {
      const stdout = await runSnippet(folder, snippet);
      if (typeof output === "string") {
        expect(stdout).toBe(output);
      } else {
        expect(stdout).toMatch(output);
      }
    },
  );
});
