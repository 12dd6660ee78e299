import { createBadRequestError } from "../bad-request-error.js";
import type { SyntaxMistake } from "./find-syntax-mistake.js";
import { fromLatin1 } from "./from-latin1.js";
import { quoteGoText } from "./quote-go.js";

/** A JSON token. The name of a member is a token of kind `string`. */
export interface JsonToken {
  readonly kind: "{" | "}" | "[" | "]" | "string" | "number" | "bool" | "null";
  /** The position of the first character. */
  readonly position: number;
  /** The token as the client sent it, which the errors of protojson show. */
  readonly raw: string;
  /** The content of a string. For other tokens the same as `raw`. */
  readonly content: string;
}

const separators = /[ \t\r\n,:]*/y;
const wordOrNumber = /[\w.+-]+/y;
const plainCharacters = /[^"\\]*/y;
const highSurrogate = /^d[89ab]/i;
const surrogate = /^d[89a-f]/i;
const lowSurrogateEscape = /^\\ud[c-f][\da-f]{2}$/i;
const continuationBytes = /[\x80-\xbf]/g;

const kinds: Readonly<Record<string, JsonToken["kind"]>> = {
  "{": "{",
  "}": "}",
  "[": "[",
  "]": "]",
  '"': "string",
  t: "bool",
  f: "bool",
  n: "null",
};

/** The change of the nesting depth after a token. */
const depthChanges: Readonly<Partial<Record<JsonToken["kind"], number>>> = {
  "{": 1,
  "[": 1,
  "}": -1,
  "]": -1,
};

const shortEscapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * A reader of the tokens of one JSON value, with the errors of protobuf-go's encoding/protojson at their lines and columns.
 *
 * The text has one character for each byte, and `findJsonValue` or `findSyntaxMistake` has checked its syntax. Commas and colons
 * therefore separate tokens like blanks, and only the content of a string can be invalid.
 */
export class JsonReader {
  readonly #text: string;
  readonly #mistake: SyntaxMistake | undefined;
  #position = 0;

  /** Creates a reader. `mistake` is the first mistake of a text, which the reader throws when it reaches the position. */
  constructor(text: string, mistake?: SyntaxMistake) {
    this.#text = text;
    this.#mistake = mistake;
  }

  /** Returns the first character of the next token. */
  peek(): string {
    return this.#skip(separators);
  }

  /** Reads the next token. Throws a ConnectError with `invalid_argument` for a string that is not UTF-8 or has half a surrogate pair. */
  read(): JsonToken {
    const first = this.peek();
    const position = this.#position;
    this.#throwReachedMistake();
    const kind = kinds[first] ?? "number";
    switch (kind) {
      case "string": {
        const content = this.#readString(position);
        const raw = fromLatin1(this.#text.slice(position, this.#position)) ?? "";
        return { kind, position, raw, content };
      }
      case "number":
      case "bool":
      case "null": {
        this.#skip(wordOrNumber);
        const raw = this.#text.slice(position, this.#position);
        return { kind, position, raw, content: raw };
      }
      default:
        this.#position++;
        return { kind, position, raw: first, content: first };
    }
  }

  /** Reads the next token. Throws a ConnectError with `invalid_argument` if it is of another kind. */
  expect(kind: JsonToken["kind"]): JsonToken {
    const token = this.read();
    return token.kind === kind ? token : this.throwUnexpected(token);
  }

  /** Throws the mistake if the text continues after the value. */
  expectEnd(): void {
    this.peek();
    this.#throwReachedMistake();
  }

  /** Skips the next value. Checks the strings in it. */
  skipValue(): void {
    let depth = 0;
    do {
      depth += depthChanges[this.read().kind] ?? 0;
    } while (depth > 0);
  }

  #throwReachedMistake(): void {
    if (this.#mistake === undefined || this.#position < this.#mistake.tokenPosition) {
      return;
    }
    const { position, reason } = this.#mistake;
    if (position === undefined || reason === undefined) {
      throw createBadRequestError("proto: unexpected EOF");
    }
    this.#throwSyntaxError(position, reason);
  }

  /** Throws the error for a token that cannot stand in its place. */
  throwUnexpected({ position, raw }: JsonToken): never {
    return this.#throwSyntaxError(position, `unexpected token ${raw}`);
  }

  /** Throws an error about the text at a position. */
  throwAt(position: number, reason: string): never {
    throw createBadRequestError(`proto: ${this.#describePosition(position)}: ${reason}`);
  }

  #throwSyntaxError(position: number, reason: string): never {
    throw createBadRequestError(
      `proto: syntax error ${this.#describePosition(position)}: ${reason}`,
    );
  }

  /** Describes a position by line and column. The column counts code points. */
  #describePosition(position: number): string {
    const before = this.#text.slice(0, position).split("\n");
    const column = (before.at(-1) ?? "").replace(continuationBytes, "").length + 1;
    return `(line ${before.length}:${column})`;
  }

  /** Skips the text that a sticky expression matches. Returns the next character. */
  #skip(expression: RegExp): string {
    expression.lastIndex = this.#position;
    expression.test(this.#text);
    this.#position = Math.max(this.#position, expression.lastIndex);
    return this.#text.charAt(this.#position);
  }

  /** Reads the string whose opening quote is at `start`. Its errors name `start`, not the position of the mistake. */
  #readString(start: number): string {
    this.#position++;
    let content = "";
    for (;;) {
      const plainStart = this.#position;
      const next = this.#skip(plainCharacters);
      const plain = fromLatin1(this.#text.slice(plainStart, this.#position));
      if (plain === undefined) {
        return this.#throwSyntaxError(start, "invalid UTF-8 in string");
      }
      content += plain;
      if (next === '"') {
        this.#position++;
        return content;
      }
      content += this.#readEscape(start);
    }
  }

  #readEscape(start: number): string {
    const escape = this.#text.charAt(this.#position + 1);
    if (escape !== "u") {
      this.#position += 2;
      return shortEscapes[escape] ?? escape;
    }
    const code = this.#text.slice(this.#position + 2, this.#position + 6);
    this.#position += 6;
    return surrogate.test(code)
      ? this.#readLowSurrogate(start, code)
      : String.fromCharCode(parseInt(code, 16));
  }

  /** Reads the escape that must follow the escape of a surrogate. protobuf-go takes the next six bytes for that escape. */
  #readLowSurrogate(start: number, code: string): string {
    const next = this.#text.slice(this.#position, this.#position + 6);
    if (next.length < 6) {
      throw createBadRequestError("proto: unexpected EOF");
    }
    if (!highSurrogate.test(code) || !lowSurrogateEscape.test(next)) {
      return this.#throwSyntaxError(start, `invalid escape code ${quoteGoText(next)} in string`);
    }
    this.#position += 6;
    return String.fromCharCode(parseInt(code, 16), parseInt(next.slice(2), 16));
  }
}
