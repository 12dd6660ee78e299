import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Checks the links of all HTML pages in a folder: each relative address must lead to a file, and each anchor to an element of
 * the page. Returns the number of pages, and a message for each link that does not.
 */
export function findBrokenLinks(folder) {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".html"))
    .map((path) => readPage(join(folder, path)));
  const anchors = new Map(pages.map((page) => [page.path, page.anchors]));
  const broken = pages.flatMap(({ path, targets }) =>
    targets
      .filter((target) => !leadsSomewhere(path, target, anchors))
      .map((target) => `${relative(folder, path)}: ${target} leads nowhere`),
  );
  return { pages: pages.length, broken };
}

function readPage(path) {
  const html = readFileSync(path, "utf8");
  const targets = valuesOf(html, /<[a-z]+ [^>]*?\b(?:href|src)="([^"]*)"/g);
  return {
    path,
    anchors: new Set(valuesOf(html, /<[a-z][a-z0-9]* [^>]*?\b(?:id|name)="([^"]*)"/g)),
    targets: [...new Set(targets)].filter((target) => !/^(?:[a-z]+:|\/\/)/i.test(target)),
  };
}

function valuesOf(html, pattern) {
  return Array.from(html.matchAll(pattern), ([, value]) => decodeEntities(value));
}

function decodeEntities(text) {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

function leadsSomewhere(page, target, anchors) {
  const [address = "", anchor = ""] = target.split("#");
  const [path = ""] = address.split("?");
  const file = path === "" ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(file)) {
    return false;
  }
  return anchor === "" || anchors.get(file)?.has(decodeURIComponent(anchor)) !== false;
}
