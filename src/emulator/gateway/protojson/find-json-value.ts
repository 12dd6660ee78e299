import { createBadRequestError } from "../bad-request-error.js";
import { quoteGoChar } from "./quote-go.js";

/** The greatest depth of objects and lists that Go's encoding/json reads. */
const maxDepth = 10_000;

const blanks = /[ \t\r\n]*/y;
const digits = /\d*/y;
const plainCharacters = /[ !#-[\]-\xff]*/y;
const hexDigit = /^[\da-f]$/i;

/** A part of a text. */
interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the first JSON value in a text that has one character for each byte. Returns `undefined` if the text is blank.
 *
 * grpc-gateway finds the value in a body with Go's json.Decoder, which ignores everything after that value, and checks the syntax
 * but not the UTF-8 of strings.
 *
 * Throws a ConnectError with `invalid_argument` and the text of encoding/json at the first character that does not fit.
 */
export function findJsonValue(text: string): TextRange | undefined {
  const scanner = new Scanner(text);
  scanner.skip(blanks);
  const start = scanner.position;
  if (scanner.isAtEnd()) {
    return undefined;
  }
  scanValue(scanner);
  return { start, end: scanner.position };
}

class Scanner {
  position = 0;

  constructor(readonly text: string) {}

  isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Skips the text that a sticky expression matches. Returns the next character, or "" at the end of the text. */
  skip(expression: RegExp): string {
    expression.lastIndex = this.position;
    expression.test(this.text);
    this.position = Math.max(this.position, expression.lastIndex);
    return this.peek();
  }

  peek(): string {
    return this.text.charAt(this.position);
  }

  /** Skips the next character if `isExpected` accepts it. Otherwise throws an error that ends with `context`. */
  take(isExpected: (char: string) => boolean, context: string): void {
    const char = this.peek();
    if (char === "") {
      throw createBadRequestError("unexpected EOF");
    }
    if (!isExpected(char)) {
      throw createBadRequestError(`invalid character ${quoteGoChar(char)} ${context}`);
    }
    this.position++;
  }
}

/** Scans a value with everything inside it. A stack holds the open objects and lists: recursion could not go as deep as Go does. */
function scanValue(scanner: Scanner): void {
  const open: ("{" | "[")[] = [];
  do {
    const first = scanner.skip(blanks);
    if (first === "{" || first === "[") {
      open.push(first);
      scanner.take(() => open.length <= maxDepth, "exceeded max depth");
      const isEmpty = scanner.skip(blanks) === closerOf(first);
      if (!isEmpty) {
        scanMemberName(scanner, first);
        continue;
      }
    } else {
      scanScalar(scanner, first);
    }
    scanEnds(scanner, open);
  } while (open.length > 0);
}

/** Scans the ends of objects and lists after a value, up to the beginning of the next value. */
function scanEnds(scanner: Scanner, open: ("{" | "[")[]): void {
  for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
    const closer = closerOf(inner);
    const next = scanner.skip(blanks);
    scanner.take(
      (char) => char === "," || char === closer,
      inner === "{" ? "after object key:value pair" : "after array element",
    );
    if (next === ",") {
      scanMemberName(scanner, inner);
      return;
    }
    open.pop();
  }
}

function closerOf(opener: "{" | "["): "}" | "]" {
  return opener === "{" ? "}" : "]";
}

/** Scans the name before the next value of an object. The values of a list have no names. */
function scanMemberName(scanner: Scanner, opener: "{" | "["): void {
  if (opener === "[") {
    return;
  }
  scanner.skip(blanks);
  scanner.take((char) => char === '"', "looking for beginning of object key string");
  scanStringRest(scanner);
  scanner.skip(blanks);
  scanner.take((char) => char === ":", "after object key");
}

function scanScalar(scanner: Scanner, first: string): void {
  const word = words[first];
  if (word !== undefined) {
    scanWord(scanner, word);
  } else if (first === "-" || isDigit(first)) {
    scanNumber(scanner);
  } else {
    scanner.take((char) => char === '"', "looking for beginning of value");
    scanStringRest(scanner);
  }
}

const words: Readonly<Record<string, string>> = { t: "true", f: "false", n: "null" };

function scanWord(scanner: Scanner, word: string): void {
  for (const expected of word) {
    scanner.take((char) => char === expected, `in literal ${word} (expecting '${expected}')`);
  }
}

function scanNumber(scanner: Scanner): void {
  if (scanner.peek() === "-") {
    scanner.position++;
  }
  const first = scanner.peek();
  scanner.take(isDigit, "in numeric literal");
  if (first !== "0") {
    scanner.skip(digits);
  }
  if (scanner.peek() === ".") {
    scanner.position++;
    scanner.take(isDigit, "after decimal point in numeric literal");
    scanner.skip(digits);
  }
  if ("eE".includes(scanner.peek() || " ")) {
    scanner.position++;
    if ("+-".includes(scanner.peek() || " ")) {
      scanner.position++;
    }
    scanner.take(isDigit, "in exponent of numeric literal");
    scanner.skip(digits);
  }
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

/** Scans a string after its opening quote. */
function scanStringRest(scanner: Scanner): void {
  while (scanner.skip(plainCharacters) !== '"') {
    scanner.take((char) => char === "\\", "in string literal");
    const escape = scanner.peek();
    scanner.take((char) => '"\\/bfnrtu'.includes(char), "in string escape code");
    for (let left = escape === "u" ? 4 : 0; left > 0; left--) {
      scanner.take((char) => hexDigit.test(char), "in \\u hexadecimal character escape");
    }
  }
  scanner.position++;
}
