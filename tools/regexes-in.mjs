// Finds the regular expressions in the sources.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";
import { visitNodes } from "./visit-nodes.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Returns each regular expression in a folder with its file. */
export function regexesIn(folder = "src") {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .toSorted()
    .flatMap((file) => {
      const path = `${folder}/${file}`;
      return regexesOf(readFileSync(join(root, path), "utf8")).map((each) => ({ path, ...each }));
    });
}

/** Returns the distinct regular expressions in a TypeScript text. `isDynamic` is true for an expression created at run time. */
export function regexesOf(code) {
  const found = new Map();
  visitNodes(parseAst(code, { lang: "ts" }), (node) => {
    if (node.type === "Literal" && node.regex) {
      const { pattern, flags } = node.regex;
      const text = `/${pattern}/${flags}`;
      found.set(text, { text, pattern, flags, isDynamic: false });
    } else if (isConstructor(node)) {
      const text = code.slice(node.start, node.end);
      found.set(text, { text, pattern: "", flags: "", isDynamic: true });
    }
  });
  return [...found.values()];
}

function isConstructor({ type, callee }) {
  return (type === "NewExpression" || type === "CallExpression") && callee.name === "RegExp";
}
