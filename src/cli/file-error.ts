/** One thing that is wrong in a file. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the data, as far as it is known. */
  readonly path?: readonly (string | number)[];
  readonly message: string;
}

/** All that is wrong in a file. It repeats no value that stands there: it may be a secret. */
export class FileError extends Error {
  readonly problems: readonly FileProblem[];
  /** Why it is wrong, if the file itself is not. */
  readonly reason: string | undefined;

  constructor(
    problems: readonly FileProblem[],
    options: { reason?: string; cause?: unknown } = {},
  ) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map(lineOf).join("\n"), "cause" in options ? { cause: options.cause } : {});
    this.name = "FileError";
    this.problems = sorted;
    this.reason = options.reason;
  }

  /** One line for each problem. */
  get lines(): string[] {
    return this.problems.map(lineOf);
  }
}

/** As compilers tell it, so that editors find the place. */
function lineOf({ file, line, column, message }: FileProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
