/** The characters that control a terminal or change the order in which text is displayed. */
const control = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;

/** Returns foreign text in a form that is safe for a terminal: control characters become escapes. */
export function printable(text: string): string {
  return text.replace(control, escaped);
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Returns true if text of YAML or JSON needs escapes in double quotes to be safe for a terminal. */
export function needsEscapes(text: string): boolean {
  return escapedQuotes(text) !== text;
}

/**
 * Escapes control characters in YAML or JSON text whose strings are in double quotes. The escapes have the same meaning there.
 * Tabs and line breaks stay.
 */
export function escapedQuotes(text: string): string {
  return text.replace(control, (char) => (/[\t\n]/.test(char) ? char : escaped(char)));
}

/** Escapes control characters in text of several lines, and keeps the line breaks. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** Escapes control characters in all strings of a value, including the names of members. */
export function printableDeep<T>(value: T): T {
  if (typeof value === "string") {
    return printable(value) as T;
  }
  if (Array.isArray(value)) {
    return value.map((each: unknown) => printableDeep(each)) as T;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]: [string, unknown]) => [
        printable(name),
        printableDeep(each),
      ]),
    ) as T;
  }
  return value;
}
