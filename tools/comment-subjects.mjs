// Finds comments that do not begin with their subject: those that begin with a question word, such as "What" or "Whether".
// `node tools/comment-subjects.mjs FILE…` checks some files; without files it checks all folders with sources.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = ["src", "tools", "examples", "test", "bench", "proto", "ui"];
const extensions = /\.(?:[cm]?[jt]s|tsx|proto)$/;

/** Matches a line whose comment begins with a question word, after the start of the comment or the `*` of a doc comment. */
const beginsWithQuestion =
  /(?:^\s*\*|\/\*\*?|(?:^|\s)\/\/)\s*(What|Whatever|Whether|Which|Where|How|Who|Whoever)\b/;

/** Returns the lines of `text` whose comments begin with a question word. Line numbers start at 1. */
export function questionsIn(text) {
  return text.split("\n").flatMap((line, index) => {
    const [, word] = beginsWithQuestion.exec(line) ?? [];
    return word === undefined ? [] : [{ line: index + 1, word }];
  });
}

/** Returns one message for each comment in `paths` that begins with a question word, with its file and line. */
export function commentsWithoutSubject(paths = listSources()) {
  return paths.flatMap((path) =>
    questionsIn(readFileSync(join(root, path), "utf8")).map(
      ({ line, word }) => `${path}:${line} begins with "${word}"`,
    ),
  );
}

/** Lists the files with comments, without installed packages and builds. */
function listSources() {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && extensions.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    .filter((path) => !path.split("/").some((name) => name === "node_modules" || name === "dist"))
    .toSorted();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const paths = process.argv.slice(2);
  const found = commentsWithoutSubject(paths.length === 0 ? undefined : paths);
  console.log(found.length === 0 ? "All comments begin with their subject." : found.join("\n"));
  process.exitCode = found.length === 0 ? 0 : 1;
}
