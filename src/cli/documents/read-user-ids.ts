import type { CommandContext } from "../command-context.js";
import { maxFileBytes } from "../files/file-size-limits.js";
import { readStdin } from "../files/read-stdin.js";
import { readTextFile } from "../files/read-text-file.js";

/** Yields the user ids in the file of `--users`, one per line, without empty lines. Calls `onUser` before each id. */
export async function* readUserIds(
  { stdin }: CommandContext,
  file: string,
  onUser: (count: number) => void,
): AsyncGenerator<string, void, undefined> {
  const maxBytes = maxFileBytes.generated;
  const text =
    file === "-"
      ? await readStdin(stdin, maxBytes)
      : readTextFile(file, { content: "the users", source: "--users", maxBytes });
  let count = 0;
  for (const line of text.split("\n")) {
    if (line.trim() !== "") {
      onUser(++count);
      yield line.trim();
    }
  }
}
