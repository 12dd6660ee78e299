import { printable } from "../../utils/printable.js";

/** Formats rows under column heads, with columns as wide as their longest cell. */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = heads.map((head, index) =>
    Math.max(head.length, ...cells.map((row) => [...(row[index] ?? "")].length)),
  );
  return [heads, ...cells]
    .map((row) =>
      row
        .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - [...cell].length))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
