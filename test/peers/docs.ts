import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { root } from "../runtimes/project.js";

const path = join(root, "docs", "testing.md");
const marked = /(?<=<!-- peers:begin -->\n)[^]*(?=<!-- peers:end -->)/;

/** Returns the problem if the table in docs/testing.md differs. */
export async function compareWithDocs(table: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8");
  return text === (await replaceTable(text, table))
    ? undefined
    : "the table in docs/testing.md differs: run npm run test:peers -- --write-docs";
}

/** Writes the table into docs/testing.md. */
export async function writeDocs(table: string): Promise<void> {
  await writeFile(path, await replaceTable(await readFile(path, "utf8"), table));
}

async function replaceTable(text: string, table: string): Promise<string> {
  if (!marked.test(text)) {
    throw new Error("docs/testing.md has no comments peers:begin and peers:end for the table");
  }
  const style = { ...(await resolveConfig(path)), filepath: path };
  return await format(
    text.replace(marked, () => `\n${table}\n\n`),
    style,
  );
}
