import { sort } from "../utils/sort.js";

/** A part of a text, as the index of its first character and the index after its last one. */
export type TextRange = readonly [from: number, to: number];

/** Sorts ranges, and merges those that overlap or touch. */
export function mergeRanges(ranges: readonly TextRange[]): TextRange[] {
  const merged: [from: number, to: number][] = [];
  for (const [from, to] of sort(ranges, ([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) {
      last[1] = Math.max(last[1], to);
    } else if (to > from) {
      merged.push([from, to]);
    }
  }
  return merged;
}
