/** One mistake in a file. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The place in the data, as far as it is known. */
  readonly path?: readonly (string | number)[];
  readonly message: string;
}

/** The most problems that are told, and the most characters of each: a file of garbage has as many as it has values. */
const most = { problems: 100, characters: 1000 } as const;

/** All mistakes in a file. It repeats no value of the file, because that may be a secret. */
export class FileError extends Error {
  readonly problems: readonly FileProblem[];
  /** The reason of the operation that failed, if the file by itself is right. */
  readonly reason: string | undefined;
  /** One line for each problem. */
  readonly lines: readonly string[];

  constructor(
    problems: readonly FileProblem[],
    options: { reason?: string; cause?: unknown } = {},
  ) {
    const sorted = problems
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .slice(0, most.problems)
      .map((each) => ({ ...each, message: shortened(each.message) }));
    const others = problems.length - sorted.length;
    const more = others > 0 ? [`${sorted[0]?.file}: and ${others} more problems`] : [];
    const lines = [...sorted.map(lineOf), ...more];
    super(lines.join("\n"), "cause" in options ? { cause: options.cause } : {});
    this.name = "FileError";
    this.problems = sorted;
    this.reason = options.reason;
    this.lines = lines;
  }
}

function shortened(message: string): string {
  return message.length <= most.characters
    ? message
    : `${message.slice(0, most.characters)} … (${message.length - most.characters} characters more)`;
}

/** Has the form of compilers, so that editors find the place. */
function lineOf({ file, line, column, message }: FileProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
