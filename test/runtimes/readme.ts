import { join } from "node:path";
import { readSection, writeSection } from "../support/marked-section.js";
import { root } from "./project.js";
import { formatMarkdown, type Result } from "./table.js";

const section = { path: join(root, "README.md"), name: "runtimes" };

/** Writes the table into the README. Returns the problem, if any. */
export async function writeTable(results: readonly Result[]): Promise<string | undefined> {
  return await writeSection(section, formatMarkdown(results));
}

/** Compares the README's table, if there is one, with the runtimes that were run. */
export async function differencesToTable(names: readonly string[]): Promise<string[]> {
  const table = await readSection(section);
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
