/** A phrase about an option of the library: its name, and its text for programs that call the library. */
export interface OptionPhrase {
  readonly name: string;
  readonly text: string;
}

/** A text with phrases about options of the library, which the command line writes with its flags instead. */
export class OptionText {
  readonly parts: readonly (string | OptionPhrase)[];

  constructor(parts: OptionText["parts"]) {
    this.parts = parts;
  }

  /** Returns the text for programs that call the library. */
  toString(): string {
    return this.parts.map((part) => (typeof part === "string" ? part : part.text)).join("");
  }
}

/** Returns the text of a template with phrases about options, as in optionText`check the path of ${phrase.baseUrl}`. */
export function optionText(
  texts: TemplateStringsArray,
  ...values: readonly (string | OptionPhrase | OptionText)[]
): OptionText {
  return new OptionText(
    texts.flatMap((text, index) => {
      const value = values[index] ?? "";
      return [text, ...(value instanceof OptionText ? value.parts : [value])];
    }),
  );
}
