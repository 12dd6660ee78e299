import type { CommandContext } from "../command-context.js";
import { maxFileBytes, readStdin, readTextFile } from "../files/read-text-file.js";

/** Yields the user ids in the file of `--users`, one per line, without empty lines. Calls `onUser` before each id. */
export async function* readUserIds(
  { stdin }: CommandContext,
  file: string,
  onUser: (count: number) => void,
): AsyncGenerator<string, void, undefined> {
  const most = maxFileBytes.generated;
  const text =
    file === "-"
      ? await readStdin(stdin, most)
      : readTextFile(file, { what: "the users", name: "--users", most });
  let count = 0;
  for (const line of text.split("\n")) {
    if (line.trim() !== "") {
      onUser(++count);
      yield line.trim();
    }
  }
}
