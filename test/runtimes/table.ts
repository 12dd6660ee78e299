import { alignColumns } from "../support/align-columns.js";
import type { Outcome } from "./row.js";

/** A finished row. */
export interface Result extends Partial<Outcome> {
  readonly id: string;
  readonly name: string;
  readonly status: "passed" | "FAILED" | "not run";
  readonly problems: readonly string[];
  readonly seconds: number;
}

const header = ["runtime", "version", '"auto"', "run", "result"] as const;

/** Formats the table as text. */
export function formatTable(results: readonly Result[]): string {
  const rows = [
    [...header],
    ...results.map(({ name, version = "", auto = "", wires, scope = "", status }) => [
      name,
      version,
      auto,
      wires?.join(", ") ?? scope,
      status,
    ]),
  ];
  return alignColumns(rows);
}

/** Formats the table for the README, in which everything has passed. */
export function formatMarkdown(results: readonly Result[]): string {
  const code = (text: string) => `\`${text}\``;
  const lines = results.map(({ name, version = "", auto, wires, scope = "" }) => {
    const chosen = auto === undefined ? "" : code(auto);
    return `| ${[name, version, chosen, wires?.map(code).join(", ") ?? scope].join(" | ")} |`;
  });
  return [
    '| runtime or tool | version | `"auto"` selects | protocols tested |',
    "| --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}
