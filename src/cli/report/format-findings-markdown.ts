import type { Diagnosis } from "../../doctor/index.js";
import { printable } from "../../utils/printable.js";
import { subjectOf, summarizeFindings } from "./format-findings.js";

/** Formats findings as a table in Markdown, for the summary of a CI job or a comment on a pull request. */
export function formatFindingsMarkdown(diagnosis: Diagnosis): string {
  const rows = diagnosis.findings.map((finding) => {
    const { severity, check, field, message, fix } = finding;
    const cells = [severity, `\`${check}\``, subjectOf(finding), field ?? "", message, fix];
    return `| ${cells.map(escapeCell).join(" | ")} |`;
  });
  const table =
    rows.length === 0
      ? []
      : [
          [
            "| Severity | Check | Provider | Field | Finding | Fix |",
            "|---|---|---|---|---|---|",
            ...rows,
          ].join("\n"),
        ];
  return ["## ZITADEL identity providers", ...table, summarizeFindings(diagnosis)].join("\n\n");
}

/** Returns a text that stays in its cell and formats nothing: names of providers come from anybody. */
function escapeCell(text: string): string {
  return printable(text)
    .replace(/[\\|<>*_[\]#~]/g, "\\$&")
    .replace(/\s+/g, " ");
}
