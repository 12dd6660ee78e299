import { Composer, type CST, type Document, type LineCounter, Parser } from "yaml";
import { yamlLimits } from "./yaml-limits.js";

/** A function that throws a FileError with a problem at an offset. */
export type FailAt = (offset: number, message: string) => never;

/** Parses one document like `parseDocument` of yaml, but with limits on tokens and depth. */
export function composeYaml(text: string, lines: LineCounter, fail: FailAt): Document.Parsed {
  const parser = new BoundedParser(lines.addNewLine, fail);
  // With `uniqueKeys`, yaml would compare each key of a map with all others, which takes minutes for large maps. `indexDocument` finds
  // duplicate keys instead.
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [document, second] = withoutStackTraces(() => {
    const [one, two] = composer.compose(parser.parse(text), true, text.length);
    return [one, two];
  });
  if (second !== undefined) {
    fail(second.range[0], "the file has a second document: put each document into its own file");
  }
  return document ?? fail(0, "the file is empty");
}

/** Runs `work` without stack traces for errors: yaml creates an error for each mistake, and the traces would take most of the time. */
function withoutStackTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A parser that fails above the limits on tokens and depth. */
class BoundedParser extends Parser {
  readonly #fail: FailAt;
  #tokens = 0;

  constructor(onNewLine: (offset: number) => void, fail: FailAt) {
    super(onNewLine);
    this.#fail = fail;
  }

  override *next(source: string): Generator<CST.Token, void> {
    const { tokens, depth } = yamlLimits;
    if (++this.#tokens > tokens) {
      this.#fail(this.offset, `the file has more than the limit of ${tokens} words and signs`);
    }
    yield* super.next(source);
    // Count only collections: the stack also holds the document and scalars.
    if (
      this.stack.length > depth &&
      this.stack.filter(({ type }) => collectionTokens.has(type)).length > depth
    ) {
      this.#fail(this.offset, `the file is nested deeper than the limit of ${depth} levels`);
    }
  }
}

const collectionTokens: ReadonlySet<string> = new Set([
  "block-map",
  "block-seq",
  "flow-collection",
]);
