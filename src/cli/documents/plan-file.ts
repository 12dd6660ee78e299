import type { Plan } from "../../providers/index.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import { maxFileBytes } from "../files/file-size-limits.js";
import { readTextFile } from "../files/read-text-file.js";
import { displayPath } from "../secrets/display-path.js";
import { parseJsonFile } from "./parse-json-file.js";

/** Reads a plan that `plan --out` wrote. Throws an Error if the file is not a plan. */
export function readPlanFile(file: string): Plan {
  const text = readTextFile(file, {
    content: "the plan",
    source: "--plan",
    maxBytes: maxFileBytes.generated,
  });
  const json = parseJsonFile(file, text, "create the plan again with plan --out");
  if (!isPlan(json)) {
    throw new Error(`${displayPath(file)} is not a plan of version 1: create one with plan --out`);
  }
  return json;
}

/** Returns true for the text of a plan. `plan --out` may replace such a file, because a plan can be created again. */
export function isPlanText(text: string): boolean {
  try {
    return isPlan(JSON.parse(text));
  } catch {
    return false;
  }
}

function isPlan(json: unknown): json is Plan {
  return (
    isPlainObject(json) &&
    json["version"] === 1 &&
    Array.isArray(json["owners"]) &&
    json["owners"].every(
      (each) =>
        isPlainObject(each) &&
        isPlainObject(each["owner"]) &&
        Array.isArray(each["actions"]) &&
        each["actions"].every(
          (action) => isPlainObject(action) && typeof action["action"] === "string",
        ),
    )
  );
}
