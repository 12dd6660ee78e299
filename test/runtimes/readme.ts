import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { root } from "./project.js";
import { formatMarkdown, type Result } from "./table.js";

const path = join(root, "README.md");
const begin = "<!-- runtimes:begin -->";
const end = "<!-- runtimes:end -->";
const marked = new RegExp(`(?<=${begin}\\n)[^]*(?=${end})`);

/** Writes the table into the README. Returns the problem, if any. */
export async function writeTable(results: readonly Result[]): Promise<string | undefined> {
  const text = await readFile(path, "utf8");
  if (!marked.test(text)) {
    return `README.md has no lines ${begin} and ${end} to put the table between`;
  }
  const table = `\n${formatMarkdown(results)}\n\n`;
  const style = { ...(await resolveConfig(path)), filepath: path };
  await writeFile(
    path,
    await format(
      text.replace(marked, () => table),
      style,
    ),
  );
  return undefined;
}

/** Compares the README's table, if there is one, with the runtimes that were run. */
export async function differencesToTable(names: readonly string[]): Promise<string[]> {
  const [table] = marked.exec(await readFile(path, "utf8")) ?? [];
  if (table === undefined) {
    return [];
  }
  const told = table
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|")[1]?.trim() ?? "");
  return [
    ...told
      .filter((name) => !names.includes(name))
      .map((name) => `README.md names ${name}, which was not run`),
    ...names
      .filter((name) => !told.includes(name))
      .map((name) => `README.md does not name ${name}: run with --write-readme`),
  ];
}
