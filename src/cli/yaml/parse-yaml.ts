import { type Document, isAlias, LineCounter, type Node } from "yaml";
import { FileError, type FileProblem } from "../errors/file-error.js";
import { composeYaml, type FailAt } from "./compose-yaml.js";
import { indexDocument } from "./index-document.js";
import { yamlLimits } from "./yaml-limits.js";
import { listYamlMistakes } from "./yaml-mistakes.js";

/** A parsed YAML file. JSON files are YAML too. */
export interface YamlFile {
  readonly document: Document.Parsed;
  /** Creates a problem at an offset in characters from the start of the file. */
  problemAt(offset: number, message: string, path?: FileProblem["path"]): FileProblem;
  /** Returns the target of an alias, or undefined if no anchor comes before it. Returns any other node unchanged. */
  resolveAlias(node: Node): Node | undefined;
  /** Adds to the number of values. Throws a FileError if aliases expand the file to too many. */
  countValues(added: number): void;
}

/** Parses the text of a file. Throws one FileError with all syntax errors and duplicate names. */
export function parseYaml(name: string, text: string): YamlFile {
  const lines = new LineCounter();
  const problemAt: YamlFile["problemAt"] = (offset, message, path) => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line, column: col, message, ...(path && { path }) };
  };
  const fail: FailAt = (offset, message) => {
    throw new FileError([problemAt(offset, message)]);
  };
  const document = composeYaml(text, lines, fail);
  const { targets, duplicateNames } = indexDocument(document, fail);
  const mistakes = listYamlMistakes(document, duplicateNames, text);
  if (mistakes.length > 0) {
    throw new FileError(mistakes.map(({ offset, message }) => problemAt(offset, message)));
  }
  return {
    document,
    problemAt,
    resolveAlias: (node) => (isAlias(node) ? targets.get(node) : node),
    countValues: createValueCounter(text, fail),
  };
}

function createValueCounter(text: string, fail: FailAt): YamlFile["countValues"] {
  // Each value in the file has at least one character.
  const maxValues = yamlLimits.aliasedValues + text.length;
  let values = 0;
  return (added) => {
    values += added;
    if (values > maxValues) {
      fail(0, `the aliases expand the file to more than the limit of ${maxValues} values`);
    }
  };
}
