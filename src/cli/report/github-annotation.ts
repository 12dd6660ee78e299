import type { Finding, Severity } from "../../doctor/index.js";

/** A message that GitHub shows at a line of a file. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  /** The path from the root of the repository. Without a file, GitHub shows the message for the whole job. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The level of the annotation for each severity. */
export const annotationLevels: Readonly<Record<Severity, Annotation["level"]>> = {
  broken: "error",
  risk: "warning",
  expires: "warning",
  unchecked: "warning",
  note: "notice",
};

/** Formats an annotation as a workflow command of GitHub Actions. */
export function formatAnnotation({
  level,
  title,
  message,
  file,
  line,
  column,
}: Annotation): string {
  const properties = Object.entries({ file, line, col: column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${properties.join(",")}::${escapeMessage(message)}`;
}

/** Converts a finding into an annotation, at its place if it has one. */
export function toAnnotation(
  { severity, check, message, fix }: Finding,
  subject: string,
  place?: Pick<Annotation, "file" | "line" | "column">,
): Annotation {
  return {
    ...(place && { file: place.file, line: place.line, column: place.column }),
    level: annotationLevels[severity],
    title: check,
    message: `${subject}: ${message}. Fix: ${fix}`,
  };
}

/** Escapes the message of a workflow command. */
function escapeMessage(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

/** Escapes a property of a workflow command, in which colons and commas are separators. */
function escapeProperty(text: string): string {
  return escapeMessage(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
