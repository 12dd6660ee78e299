import { readFileSync } from "node:fs";
import { type Document, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { FileError, type FileProblem } from "./file-error.js";

/** A file in YAML, and so in JSON, which is YAML too. */
export interface YamlFile {
  readonly name: string;
  readonly document: Document.Parsed;
  /** Something that is wrong at a place, in characters from the start of the file. */
  problem(at: number, message: string, path?: FileProblem["path"]): FileProblem;
}

/** Reads a file as text. `what` is what it is called in the error. */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot read ${what}: ${why}`, { cause });
  }
}

/** Parses the text of a file. Throws a FileError with all mistakes of form: keys that are there twice are among them. */
export function parseYaml(name: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: (a, b) => nameOf(a) !== undefined && nameOf(a) === nameOf(b),
  });
  const problem: YamlFile["problem"] = (at, message, path) => {
    const { line, col } = lines.linePos(at);
    return { file: name, line, column: col, message, ...(path && { path }) };
  };
  // After the first part that cannot be understood, all others are only in its way.
  const lost = document.errors.find(({ message }) => isLost(message));
  const mistakes = [...document.errors, ...document.warnings].filter(
    (each) => lost === undefined || each === lost || each.pos[0] < lost.pos[0],
  );
  if (mistakes.length > 0) {
    throw new FileError(
      mistakes.map(({ pos: [at], message }) =>
        problem(at, text.startsWith("${", at - 1) ? unquoted : withoutText(message)),
      ),
    );
  }
  return { name, document, problem };
}

/** The name of a member. A number stays as it was written: an id has more digits than a number can hold. */
export function nameOf(key: unknown): string | undefined {
  return !isScalar(key)
    ? undefined
    : typeof key.value === "string"
      ? key.value
      : (key.source ?? String(key.value));
}

/** Where a node begins. */
export function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function isLost(message: string): boolean {
  return /token in YAML stream| at node end$/.test(message);
}

const unquoted = 'within { } and [ ] a reference must be in quotes: "${NAME}"';

/** Takes the quote off that a message ends with: `problem: "text"`. */
function withoutQuote(message: string): string {
  const start = message.indexOf(': "');
  const isQuoted = start >= 0 && message.endsWith('"') && message.length >= start + 4;
  return isQuoted ? message.slice(0, start) : message;
}

/** Some messages of the parser end with what stands in the file. */
function withoutText(message: string): string {
  return withoutQuote(message).replace(
    /^(Unresolved (?:tag|alias)|Invalid escape sequence|Not a YAML token|Block scalar header includes extra characters)\b[^]*/,
    "$1",
  );
}
