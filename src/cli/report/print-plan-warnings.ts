import type { Plan } from "../../providers/index.js";
import { printable } from "../../utils/printable.js";
import type { Output } from "../output.js";

/** Prints a note for each warning of a plan. With `--json`, `plan` has them in its result. */
export function printPlanWarnings({ warnings = [] }: Plan, output: Output): void {
  for (const { message } of warnings) {
    output.note(`warning: ${printable(message)}`);
  }
}
