import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "./project.js";

/** Writes the code blocks of a guide that begin with the name of a file. Returns the names. */
export async function writeGuideFiles(guide: string, directory: string): Promise<string[]> {
  const text = await readFile(join(root, "docs", "guides", `${guide}.md`), "utf8");
  const blocks = text.matchAll(/^```\w+\n(?:\/\/|#) ([\w./-]+)\n(.*?)^```$/gms);
  const names: string[] = [];
  for (const [, name = "", code = ""] of blocks) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), code);
    names.push(name);
  }
  if (names.length === 0) {
    throw new Error(`docs/guides/${guide}.md has no files`);
  }
  return names;
}
