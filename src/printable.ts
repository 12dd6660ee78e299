/** What a terminal would obey, or what changes the order in which text is shown. */
const control = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;

/** Text from elsewhere as a terminal may have it: what would steer it is shown as an escape. */
export function printable(text: string): string {
  return text.replace(control, escaped);
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Whether quoted text of YAML or JSON has to have escapes to be shown. */
export function needsEscapes(text: string): boolean {
  return escapedQuotes(text) !== text;
}

/** The same for YAML or JSON in which such text is in double quotes: the escapes mean the same there. */
export function escapedQuotes(text: string): string {
  return text.replace(control, (char) => (/[\t\n]/.test(char) ? char : escaped(char)));
}

/** The same for text of several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** The same for all texts in a value, names of members too. */
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
