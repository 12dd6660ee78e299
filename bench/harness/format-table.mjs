// Formats tables as Markdown; prettier aligns them.

/** Formats a table. `columns` are names; the first column is text, the others are figures. Cells must not contain "|". */
export function formatTable(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(columns),
    line(columns.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...rows.map(line),
  ].join("\n");
}
