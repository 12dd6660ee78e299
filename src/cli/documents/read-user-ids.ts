import type { Context } from "../command-context.js";
import { mostBytes, readStdin, readText } from "../files/read-text-file.js";

/** Yields the user ids in the file of `--users`, one per line, without empty lines. Calls `onUser` before each id. */
export async function* userIds(
  { stdin }: Context,
  file: string,
  onUser: (count: number) => void,
): AsyncGenerator<string, void, undefined> {
  const most = mostBytes.generated;
  const text =
    file === "-"
      ? await readStdin(stdin, most)
      : readText(file, { what: "the users", name: "--users", most });
  let count = 0;
  for (const line of text.split("\n")) {
    if (line.trim() !== "") {
      onUser(++count);
      yield line.trim();
    }
  }
}
