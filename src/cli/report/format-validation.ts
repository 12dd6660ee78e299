import type { Severity } from "../../lint/finding.js";
import { printable } from "../../utils/printable.js";
import type { FileFinding, FileReport } from "../validate-file.js";
import { type Annotation, annotationLevels, formatAnnotation } from "./github-annotation.js";
import { formatMarkdownReport } from "./format-findings-markdown.js";
import { describeFinding, formatFinding } from "./format-finding.js";

/** Formats the results of `validate` for people. Without `hasNotes`, notes are counted but not shown. */
export function formatValidation(reports: readonly FileReport[], hasNotes: boolean): string {
  const lines = reports.flatMap(({ error, findings }) => [
    ...(error?.lines ?? []).map((line) => `error: ${printable(line)}`),
    ...findings
      .filter(isShown(hasNotes))
      .map((finding) => formatFinding(finding.severity, finding)),
  ]);
  return [...lines, formatSummary(reports)].join("\n");
}

/** Formats the results of `validate` as annotations for GitHub Actions. */
export function formatAnnotations(reports: readonly FileReport[], hasNotes: boolean): string {
  return reports
    .flatMap(({ error, findings }) => [
      ...(error?.problems ?? []).map(({ file, line, column, message }): Annotation => ({
        ...placeOf({ file, line, column }),
        level: "error",
        title: "zitadel-idp validate",
        message: printable(message),
      })),
      ...findings.filter(isShown(hasNotes)).map((finding): Annotation => ({
        ...placeOf(finding),
        level: annotationLevels[finding.severity],
        title: finding.check,
        message: `${describeFinding(finding)}. Fix: ${finding.fix}`,
      })),
    ])
    .map(formatAnnotation)
    .join("\n");
}

/** Formats the results of `validate` as a table in Markdown. */
export function formatValidationMarkdown(
  reports: readonly FileReport[],
  hasNotes: boolean,
): string {
  const rows = reports.flatMap(({ error, findings }) => [
    ...(error?.problems ?? []).map(({ message, ...place }) => [
      "error",
      "",
      formatPlace(place),
      message,
      "",
    ]),
    ...findings
      .filter(isShown(hasNotes))
      .map((finding) => [
        finding.severity,
        `\`${finding.check}\``,
        formatPlace(finding),
        describeFinding(finding),
        finding.fix,
      ]),
  ]);
  const columns = ["Severity", "Check", "Place", "Finding", "Fix"];
  return formatMarkdownReport(columns, rows, `${formatSummary(reports)}.`);
}

function formatPlace({
  file,
  line,
  column,
}: Partial<Pick<FileFinding, "file" | "line" | "column">>): string {
  return [file, line, column].filter((each) => each !== undefined).join(":");
}

function isShown(hasNotes: boolean): (finding: FileFinding) => boolean {
  return ({ severity }) => hasNotes || severity !== "note";
}

/** Returns the place of an annotation. GitHub knows no file for standard input. */
function placeOf({
  file,
  line,
  column,
}: Pick<FileFinding, "file" | "line" | "column">): Pick<Annotation, "file" | "line" | "column"> {
  return file === "(standard input)" ? {} : { file, line, column };
}

function formatSummary(reports: readonly FileReport[]): string {
  const checked = reports.reduce((sum, report) => sum + report.checked, 0);
  const problems = reports.reduce((sum, { error }) => sum + (error?.problems.length ?? 0), 0);
  const findings = reports.flatMap((report) => report.findings);
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    [problems, problems === 1 ? "problem" : "problems"],
    [count("broken"), "broken"],
    [count("risk"), count("risk") === 1 ? "risk" : "risks"],
    [count("note"), count("note") === 1 ? "note" : "notes"],
    [count("unchecked"), "unchecked"],
  ] as const;
  const found = parts.filter(([number]) => number > 0).map(([number, noun]) => `${number} ${noun}`);
  const subject = `checked ${checked} ${checked === 1 ? "entry" : "entries"}`;
  return `${subject}: ${found.length === 0 ? "no problems" : found.join(", ")}`;
}
