/** Formats rows as text with aligned columns. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const [header = []] = rows;
  const widths = header.map((_name, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number) => cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}
