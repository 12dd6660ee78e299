import type { Plan } from "../providers/index.js";
import { isPlain } from "../providers/model/check.js";
import { readText } from "./yaml-file.js";

/** Reads what `plan --out` wrote. */
export function readPlan(file: string): Plan {
  let json: unknown;
  try {
    json = JSON.parse(readText(file, "the plan"));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new Error(`${file} is not JSON: make the plan anew with plan --out`, { cause });
    }
    throw cause;
  }
  const isPlan =
    isPlain(json) &&
    json["version"] === 1 &&
    Array.isArray(json["owners"]) &&
    json["owners"].every(
      (each) =>
        isPlain(each) &&
        isPlain(each["owner"]) &&
        Array.isArray(each["actions"]) &&
        each["actions"].every((action) => isPlain(action) && typeof action["action"] === "string"),
    );
  if (!isPlan) {
    throw new Error(`${file} is not a plan of version 1: make it with plan --out`);
  }
  return json as Plan;
}
