import type { Diagnosis, Finding } from "../../doctor/index.js";
import { printable } from "../../utils/printable.js";
import { describeSubject, summarizeFindings } from "./format-findings.js";

/** Formats findings as a table in Markdown, for the summary of a CI job or a comment on a pull request. */
export function formatFindingsMarkdown(diagnosis: Diagnosis, findings: readonly Finding[]): string {
  const rows = findings.map((finding) => {
    const { severity, check, field, message, fix } = finding;
    return [severity, `\`${check}\``, describeSubject(finding), field ?? "", message, fix];
  });
  return formatMarkdownReport(
    ["Severity", "Check", "Provider", "Field", "Finding", "Fix"],
    rows,
    summarizeFindings(diagnosis),
  );
}

/** Formats a report in Markdown: a heading, a table if there are rows, and a summary. */
export function formatMarkdownReport(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  summary: string,
): string {
  const table = [
    `| ${columns.join(" | ")} |`,
    `|${"---|".repeat(columns.length)}`,
    ...rows.map((cells) => `| ${cells.map(escapeCell).join(" | ")} |`),
  ].join("\n");
  return ["## ZITADEL identity providers", ...(rows.length === 0 ? [] : [table]), summary].join(
    "\n\n",
  );
}

/** Escapes a text for a cell of a table. The text may come from anyone, such as the name of a provider. */
function escapeCell(text: string): string {
  return printable(text)
    .replace(/[\\|<>*_[\]#~]/g, "\\$&")
    .replace(/\s+/g, " ");
}
