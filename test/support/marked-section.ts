import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { format, resolveConfig } from "prettier";

/** A part of a document that a program writes, between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
export interface MarkedSection {
  readonly path: string;
  readonly name: string;
}

/** Returns the text of a section, or undefined if the document has no such section. */
export async function readSection({ path, name }: MarkedSection): Promise<string | undefined> {
  return split(await readFile(path, "utf8"), name)?.[1];
}

/** Replaces the text of a section, and formats the document. Returns the problem, if any. */
export async function writeSection(
  { path, name }: MarkedSection,
  text: string,
): Promise<string | undefined> {
  const parts = split(await readFile(path, "utf8"), name);
  if (parts === undefined) {
    const [begin, end] = marks(name);
    return `${basename(path)} has no lines ${begin} and ${end} to put the table between`;
  }
  const [before, , after] = parts;
  await writeFile(path, await formatAs(path, `${before}\n${text}\n\n${after}`));
  return undefined;
}

/** Formats a text in the style of the file at `path`. */
export async function formatAs(path: string, text: string): Promise<string> {
  return await format(text, { ...(await resolveConfig(path)), filepath: path });
}

/** Splits a document into the text up to the first mark, the section, and the text from the second mark. */
function split(document: string, name: string): [string, string, string] | undefined {
  const [begin, end] = marks(name);
  const [from, to] = [document.indexOf(`${begin}\n`), document.indexOf(end)];
  if (from < 0 || to < from) {
    return undefined;
  }
  const start = from + begin.length + 1;
  return [document.slice(0, start), document.slice(start, to), document.slice(to)];
}

function marks(name: string): [string, string] {
  return [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
}
