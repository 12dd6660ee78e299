import type { Document } from "yaml";

/** A mistake in a document, at an offset in characters from the start of the file. */
export interface YamlMistake {
  readonly offset: number;
  readonly message: string;
}

/** Returns the syntax errors of a document and its duplicate names. Messages contain no text of the file. */
export function listYamlMistakes(
  document: Document.Parsed,
  duplicateNames: readonly number[],
  text: string,
): YamlMistake[] {
  // Leave out mistakes after the first part that cannot be parsed, because they are only consequences.
  const fatal = document.errors.find(({ message }) => isUnparsable(message));
  return [...document.errors, ...document.warnings]
    .map(({ pos: [offset], message }) => ({ offset, message }))
    .concat(duplicateNames.map((offset) => ({ offset, message: "Map keys must be unique" })))
    .filter(
      ({ offset, message }) => offset < (fatal?.pos[0] ?? Infinity) || message === fatal?.message,
    )
    .map(({ offset, message }) => ({
      offset,
      message: text.startsWith("${", offset - 1) ? unquotedReference : removeExcerpt(message),
    }));
}

function isUnparsable(message: string): boolean {
  return /token in YAML stream| at node end$/.test(message);
}

const unquotedReference = 'within { } and [ ] a reference must be in quotes: "${NAME}"';

/** Removes the excerpt of the file with which some parser messages end, because it may contain a secret. */
function removeExcerpt(message: string): string {
  const start = message.endsWith('"') ? message.indexOf(': "') : -1;
  const text = start < 0 ? message : message.slice(0, start);
  return (
    /^(?:Unresolved (?:tag|alias)|Invalid escape sequence|Not a YAML token|Block scalar header includes extra characters)\b/.exec(
      text,
    )?.[0] ?? text
  );
}
