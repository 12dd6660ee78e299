// A table of programs that were measured from the start of their process to its end.
import { formatFactor, formatPercent, formatSignificant } from "../harness/format.mjs";
import { emptyProcess } from "../harness/process-times.mjs";
import { formatTable } from "../harness/format-table.mjs";

/** Formats the times of each program, and their ratios to the times of the programs in `against`. */
export function formatProcesses(measured, against) {
  const { samples, medianMs, spread, medianMsAboveEmpty, ratioAboveEmpty } = measured;
  const columns = ["process", "ms", "±", "ms above empty", ...against.map((name) => `to ${name}`)];
  const rows = Object.keys(samples).map((name) => [
    name,
    formatSignificant(medianMs(name)),
    formatPercent(spread(name)),
    ...(name === emptyProcess
      ? ["–", ...against.map(() => "–")]
      : [
          formatSignificant(medianMsAboveEmpty(name)),
          ...against.map((other) => formatFactor(ratioAboveEmpty(name, other))),
        ]),
  ]);
  return formatTable(columns, rows);
}
