import { fromLatin1 } from "./from-latin1.js";
import { quoteGoChar, quoteGoText } from "./quote-go.js";

/** The first mistake in the syntax of a JSON text. */
export interface SyntaxMistake {
  /** The position of the token that protobuf-go cannot read. */
  readonly tokenPosition: number;
  /** The position that the error names. Absent if the text ends too early. */
  readonly position?: number;
  readonly reason?: string;
}

const blanks = /[ \t\r\n]*/y;
const word = /(?:null|true|false)(?![-+._a-zA-Z\d])/y;
/** A number. As in protobuf-go, an exponent may lack its digits if anything follows it. */
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE](?:[+-](?=[^])|(?=[^+-]))\d*)?(?![-+._a-zA-Z\d])/y;
/** The part of an invalid value that the error shows: 32 characters of a word, or one character. */
const invalidValue =
  /[-+._a-zA-Z\d]{1,32}|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[^]/y;
const plainCharacters = /[ !#-[\]-\xff]*/y;
const hexDigits = /^[\da-f]{4}$/i;

type TokenKind = "start" | "name" | "scalar" | "," | "{" | "}" | "[" | "]";

/** A mistake in the text, which `findSyntaxMistake` catches. */
class Mistake extends Error {
  constructor(readonly mistake: Omit<SyntaxMistake, "tokenPosition">) {
    super("a mistake in JSON");
  }
}

/**
 * Finds the first mistake in the syntax of a text that has one character for each byte, as protobuf-go's encoding/protojson does:
 * token by token, so that the text of the mistake depends on the token before it.
 *
 * Returns `undefined` for a text that is one JSON value.
 */
export function findSyntaxMistake(text: string): SyntaxMistake | undefined {
  const scanner = new TokenScanner(text);
  for (;;) {
    const tokenPosition = scanner.skipBlanks();
    try {
      if (!scanner.readToken()) {
        return undefined;
      }
    } catch (reason) {
      if (reason instanceof Mistake) {
        return { tokenPosition, ...reason.mistake };
      }
      throw reason;
    }
  }
}

class TokenScanner {
  readonly #text: string;
  #position = 0;
  readonly #open: ("{" | "[")[] = [];
  #last: TokenKind = "start";

  constructor(text: string) {
    this.#text = text;
  }

  /** Skips blanks. Returns the position after them. */
  skipBlanks(): number {
    this.#match(blanks);
    return this.#position;
  }

  /** Reads the next token. Returns false at the end of a complete text. */
  readToken(): boolean {
    const start = this.#position;
    const first = this.#text.charAt(start);
    switch (first) {
      case "":
        if (this.#open.length > 0) {
          throw new Mistake({});
        }
        this.#require(this.#last !== "start", start);
        return false;
      case "{":
      case "[":
        this.#position++;
        this.#require(this.#isValueNext(), start);
        this.#open.push(first);
        this.#last = first;
        return true;
      case "}":
      case "]":
        this.#readCloser(first, start);
        return true;
      case ",":
        this.#position++;
        this.#require(this.#open.length > 0 && this.#isAfterValue(), start);
        this.#last = ",";
        return true;
      case '"':
        this.#readString(start);
        if (this.#isValueNext()) {
          this.#last = "scalar";
        } else {
          this.#readNameEnd(start);
        }
        return true;
      default:
        if (!this.#match(word) && !this.#match(number)) {
          const [value = ""] = this.#find(invalidValue);
          throw new Mistake({
            position: start,
            reason: `invalid value ${fromLatin1(value) ?? "\ufffd"}`,
          });
        }
        this.#require(this.#isValueNext(), start);
        this.#last = "scalar";
        return true;
    }
  }

  #readCloser(closer: "}" | "]", start: number): void {
    this.#position++;
    const opener = closer === "}" ? "{" : "[";
    this.#require(
      this.#open.at(-1) === opener && this.#last !== "name" && this.#last !== ",",
      start,
    );
    this.#open.pop();
    this.#last = closer;
  }

  /** Reads the colon after a string that can only be the name of a member. */
  #readNameEnd(start: number): void {
    this.#require(this.#last === "{" || (this.#last === "," && this.#open.at(-1) === "{"), start);
    const next = this.#text.charAt(this.skipBlanks());
    if (next === "") {
      throw new Mistake({});
    }
    if (next !== ":") {
      throw new Mistake({
        position: this.#position,
        reason: `unexpected character ${next}, missing ":" after field name`,
      });
    }
    this.#position++;
    this.#last = "name";
  }

  #isAfterValue(): boolean {
    return this.#last === "scalar" || this.#last === "}" || this.#last === "]";
  }

  #isValueNext(): boolean {
    switch (this.#open.at(-1)) {
      case "{":
        return this.#last === "name";
      case "[":
        return this.#last === "[" || this.#last === ",";
      default:
        return this.#last === "start";
    }
  }

  /** Throws the mistake of a token that cannot stand in its place. */
  #require(isInPlace: boolean, start: number): void {
    if (!isInPlace) {
      const raw = this.#text.slice(start, this.#position);
      throw new Mistake({ position: start, reason: `unexpected token ${fromLatin1(raw) ?? raw}` });
    }
  }

  /** Reads a string. Its mistakes name the position of its opening quote. */
  #readString(start: number): void {
    this.#position++;
    for (;;) {
      const plainStart = this.#position;
      this.#match(plainCharacters);
      if (fromLatin1(this.#text.slice(plainStart, this.#position)) === undefined) {
        throw new Mistake({ position: start, reason: "invalid UTF-8 in string" });
      }
      const next = this.#text.charAt(this.#position);
      switch (next) {
        case "":
          throw new Mistake({});
        case '"':
          this.#position++;
          return;
        case "\\":
          this.#readEscape(start);
          break;
        default:
          throw new Mistake({
            position: start,
            reason: `invalid character ${quoteGoChar(next)} in string`,
          });
      }
    }
  }

  #readEscape(start: number): void {
    const escape = this.#text.charAt(this.#position + 1);
    const length = escape === "u" ? 6 : 2;
    const raw = this.#text.slice(this.#position, this.#position + length);
    if (raw.length < length) {
      throw new Mistake({});
    }
    const isKnown = escape === "u" ? hexDigits.test(raw.slice(2)) : '"\\/bfnrt'.includes(escape);
    if (!isKnown) {
      throw new Mistake({
        position: start,
        reason: `invalid escape code ${quoteGoText(raw)} in string`,
      });
    }
    this.#position += length;
  }

  /** Skips the text that a sticky expression matches. Returns false if it does not match here. */
  #match(expression: RegExp): boolean {
    const [found] = this.#find(expression);
    this.#position += found?.length ?? 0;
    return found !== undefined;
  }

  #find(expression: RegExp): RegExpExecArray | [] {
    expression.lastIndex = this.#position;
    return expression.exec(this.#text) ?? [];
  }
}
