import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { expect, test } from "vitest";
import { readDeclaredAnchors } from "../../tools/read-declared-anchors.mjs";
import { root } from "../support/snippets.js";

/** Its expressions look like links. */
const withoutLinks = ["docs/regular-expressions.md"];

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md") && !withoutLinks.includes(path)),
];

/** Returns the text of a document without code, whose brackets are not links. */
function readProse(document: string): string {
  const text = readFileSync(join(root, document), "utf8");
  return text.replaceAll(/^ *```.*?^ *```$/gms, "").replaceAll(/`[^`\n]*`(?!\]\()/g, "code");
}

/** Returns the anchors of a document: those that it declares, and those of its headings. */
function readAnchors(document: string): Set<string> {
  const text = readFileSync(join(root, document), "utf8").replaceAll(/^ *```.*?^ *```$/gms, "");
  const headings = Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = ""]) => toSlug(heading));
  return new Set([...readDeclaredAnchors(text), ...headings]);
}

/** Returns the anchor of a heading, as GitHub and typedoc form it. */
function toSlug(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}

/** Returns the problem of a link in a document, if any. */
function findProblem(document: string, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? document : posix.join(dirname(document), path);
  if (!existsSync(join(root, file))) {
    return `${document}: ${target}: no such file`;
  }
  return anchor === undefined || !file.endsWith(".md") || readAnchors(file).has(anchor)
    ? undefined
    : `${document}: ${target}: no such heading`;
}

test("each relative link of a document leads to a file, and to a heading in it", () => {
  const links = documents.flatMap((document) =>
    Array.from(
      readProse(document).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g),
      ([, target = ""]): [string, string] => [document, target],
    ),
  );
  expect(links.length).toBeGreaterThan(300);
  expect(links.flatMap((link) => findProblem(...link) ?? [])).toEqual([]);
});
