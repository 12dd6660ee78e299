/** The characters that control a terminal or change the order in which text is displayed. */
const control = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;

/** Escapes the control characters in foreign text, so that it is safe to write to a terminal. */
export function printable(text: string): string {
  return text.replace(control, escapeChar);
}

function escapeChar(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Returns true if `escapeQuotedText` changes a text. The text then needs double quotes in YAML. */
export function needsEscapes(text: string): boolean {
  return escapeQuotedText(text) !== text;
}

/**
 * Escapes control characters in YAML or JSON text whose strings are in double quotes, where an escape means the character itself.
 * Tabs and line breaks stay.
 */
export function escapeQuotedText(text: string): string {
  return text.replace(control, (char) => (/[\t\n]/.test(char) ? char : escapeChar(char)));
}

/** Escapes the control characters in text of several lines. Line breaks stay. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** Escapes the control characters in all strings of a value, including the names of members. */
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
