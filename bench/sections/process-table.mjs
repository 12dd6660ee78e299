// A table of programs that were measured from the start of their process to its end.
import { factor, percent, significant } from "../harness/format.mjs";
import { emptyProcess } from "../harness/process-times.mjs";
import { table } from "../harness/table.mjs";

/** Returns the times of each program, and their ratios to those of the programs in `against`. */
export function processTable(measured, against) {
  const { samples, medianMs, spread, medianMsAboveEmpty, ratioAboveEmpty } = measured;
  const columns = ["process", "ms", "±", "ms above empty", ...against.map((name) => `to ${name}`)];
  const rows = Object.keys(samples).map((name) => [
    name,
    significant(medianMs(name)),
    percent(spread(name)),
    ...(name === emptyProcess
      ? ["–", ...against.map(() => "–")]
      : [
          significant(medianMsAboveEmpty(name)),
          ...against.map((other) => factor(ratioAboveEmpty(name, other))),
        ]),
  ]);
  return table(columns, rows);
}
