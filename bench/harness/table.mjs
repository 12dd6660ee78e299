// Tables as Markdown, which prettier lays out.

/** `columns` are names; the first is text, the others are figures. Cells hold no "|". */
export function table(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(columns),
    line(columns.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...rows.map(line),
  ].join("\n");
}
