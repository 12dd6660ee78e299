/** A mistake in a file, with its place. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The path to the value in the data, if known. */
  readonly path?: readonly (string | number)[];
  readonly message: string;
}

/** The maximum number of problems that are shown. A file of another kind can have a problem for each value. */
const maxProblems = 100;
/** The maximum length of the message of a problem. */
const maxProblemCharacters = 1000;

/** The error with all mistakes in a file. It contains no value from the file, because a value may be a secret. */
export class FileError extends Error {
  readonly problems: readonly FileProblem[];
  /** The reason of the failed operation, if the file is well formed but does not fit ZITADEL's data. */
  readonly reason: string | undefined;
  /** One line for each problem. */
  readonly lines: readonly string[];

  constructor(
    problems: readonly FileProblem[],
    options: { reason?: string; cause?: unknown } = {},
  ) {
    const sorted = problems
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .slice(0, maxProblems)
      .map((each) => ({ ...each, message: shorten(each.message) }));
    const others = problems.length - sorted.length;
    const more = others > 0 ? [`${sorted[0]?.file}: ${others} more problems are not shown`] : [];
    const lines = [...sorted.map(formatProblemLine), ...more];
    super(lines.join("\n"), "cause" in options ? { cause: options.cause } : {});
    this.name = "FileError";
    this.problems = sorted;
    this.reason = options.reason;
    this.lines = lines;
  }
}

function shorten(message: string): string {
  return message.length <= maxProblemCharacters
    ? message
    : `${message.slice(0, maxProblemCharacters)} … (${message.length - maxProblemCharacters} more characters)`;
}

/** Formats a problem as compilers do (file:line:column), so that editors can jump to the place. */
function formatProblemLine({ file, line, column, message }: FileProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
