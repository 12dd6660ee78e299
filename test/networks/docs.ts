import { join } from "node:path";
import { root } from "../runtimes/project.js";
import { formatAs, readSection, writeSection } from "../support/marked-section.js";
import type { Row } from "./run-network.js";
import { formatMarkdown } from "./table.js";

const section = { path: join(root, "docs", "networks.md"), name: "networks" };

/** The beginning of the line with the versions of the programs, which may differ from machine to machine. */
const versionsStart = "Run with ";

/** Writes the table into the docs. Returns the problem, if any. */
export async function writeDocs(
  rows: readonly Row[],
  versions: readonly string[],
): Promise<string | undefined> {
  const text = formatMarkdown(rows, `${versionsStart}${versions.join(", ")}.`);
  return await writeSection(section, text);
}

/** Compares the table of the docs with the rows, apart from the versions. */
export async function findDocsProblems(rows: readonly Row[]): Promise<string[]> {
  const written = linesOf((await readSection(section)) ?? "");
  const run = linesOf(await formatAs(section.path, formatMarkdown(rows, versionsStart)));
  return [
    ...[...written].filter((line) => !run.has(line)).map((line) => `only in the docs: ${line}`),
    ...[...run].filter((line) => !written.has(line)).map((line) => `not in the docs: ${line}`),
  ].map((problem) => `docs/networks.md differs; run with --write-docs; ${problem}`);
}

function linesOf(text: string): Set<string> {
  const lines = text.split("\n").filter((line) => !line.startsWith(versionsStart.trim()));
  return new Set(lines.filter((line) => line.trim() !== ""));
}
