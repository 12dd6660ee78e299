/** An annotation of a line of a file. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  /** The path of the file, relative to the root of the repository. Undefined for standard input. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly title?: string | undefined;
  readonly message: string;
}

/**
 * Formats an annotation as a workflow command, which GitHub Actions shows beside the line
 * (docs.github.com/actions, "Workflow commands").
 */
export function formatAnnotation({
  level,
  file,
  line,
  column,
  title,
  message,
}: Annotation): string {
  const properties = Object.entries({ file, line, col: column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(",");
  return `::${level}${properties === "" ? "" : ` ${properties}`}::${escapeData(message)}`;
}

/** Escapes the message of a workflow command. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Escapes the value of a property of a workflow command. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
