// Formats the text of THIRD-PARTY-LICENSES.txt.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageOf } from "./package-of.mjs";

const rule = `\n${"-".repeat(80)}\n\n`;

/**
 * Formats the licenses of the packages that the bundled `files` belong to: name, version and full text. `root` is the folder with
 * `node_modules`, and with our own license, the text of the Apache License.
 */
export function formatLicenses(root, files) {
  const names = [...new Set(files.flatMap((file) => packageOf(file) ?? []))];
  const licenses = names
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) =>
      formatLicense(
        root,
        name,
        files.filter((file) => packageOf(file) === name),
      ),
    );
  return `The bundles in dist/ contain parts of these packages.\n${rule}${licenses.join(rule)}`;
}

function formatLicense(root, name, bundledFiles) {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const texts =
    file === undefined
      ? licensesInComments(root, name, license, bundledFiles)
      : [readFileSync(join(folder, file), "utf8")];
  return `${name} ${version} (${license})\n\n${texts.join("\n")}`;
}

/**
 * Returns the licenses of a package without a license file: the notices in the first comment of each file, and the text of the
 * Apache License, which they only name.
 */
function licensesInComments(root, name, license, bundledFiles) {
  if (!/\bApache-2\.0\b/.test(license)) {
    throw new Error(`the text of the license of ${name} (${license}) is missing`);
  }
  const notices = [...new Set(bundledFiles.map(readFirstComment))].filter((text) => text !== "");
  // The first comment of some files continues after the notice.
  const unique = notices.filter((text) =>
    notices.every((other) => other === text || !text.startsWith(other)),
  );
  return [...unique, readFileSync(join(root, "LICENSE"), "utf8")];
}

/** Returns the line comments at the start of a file. */
function readFirstComment(file) {
  const [comment] = /^(?:\/\/.*\n)*/.exec(readFileSync(file, "utf8"));
  return comment.replaceAll(/^\/\/ ?/gm, "");
}
