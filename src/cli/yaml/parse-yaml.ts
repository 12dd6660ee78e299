import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  visit,
} from "yaml";
import { FileError, type FileProblem } from "../errors/file-error.js";

/** A parsed YAML file. JSON files are YAML too. */
export interface YamlFile {
  readonly name: string;
  readonly document: Document.Parsed;
  /** Creates a problem at an offset in characters from the start of the file. */
  problem(at: number, message: string, path?: FileProblem["path"]): FileProblem;
  /** Returns the target of an alias, or undefined if no anchor comes before it. Returns any other node unchanged. */
  follow(node: Node): Node | undefined;
  /** Adds to the number of values. Throws a FileError if aliases produce too many. */
  count(values: number): void;
}

/** The limits of a file. Files that people write stay far below them, and no file within them takes longer than seconds. */
const most = {
  /** The most tokens (words, signs and breaks) of the yaml lexer. A file of 1 MiB that people write has 300,000. */
  tokens: 500_000,
  aliases: 1000,
  /** The most values that aliases may add to those written in the file. */
  repeated: 100_000,
} as const;

/** The most levels that a document may have, both as written and after its aliases are resolved. */
export const mostDepth = 64;

/** Parses the text of a file. Throws one FileError with all syntax errors and duplicate names. */
export function parseYaml(name: string, text: string): YamlFile {
  const lines = new LineCounter();
  const problem: YamlFile["problem"] = (at, message, path) => {
    const { line, col } = lines.linePos(at);
    return { file: name, line, column: col, message, ...(path && { path }) };
  };
  const fail = (at: number, message: string): never => {
    throw new FileError([problem(at, message)]);
  };
  const document = compose(text, lines, fail);
  const { targets, twice } = index(document, fail);
  // After the first part that cannot be parsed, later mistakes are only consequences, so leave them out.
  const lost = document.errors.find(({ message }) => isLost(message));
  const mistakes = [...document.errors, ...document.warnings]
    .map(({ pos: [at], message }) => ({ at, message }))
    .concat(twice.map((at) => ({ at, message: "Map keys must be unique" })))
    .filter(({ at, message }) => at < (lost?.pos[0] ?? Infinity) || message === lost?.message);
  if (mistakes.length > 0) {
    throw new FileError(
      mistakes.map(({ at, message }) =>
        problem(at, text.startsWith("${", at - 1) ? unquoted : withoutText(message)),
      ),
    );
  }
  const mostValues = most.repeated + text.length;
  let values = 0;
  return {
    name,
    document,
    problem,
    follow: (node) => (isAlias(node) ? targets.get(node) : node),
    count(more) {
      values += more;
      if (values > mostValues) {
        fail(0, `the aliases expand the file to more than the limit of ${mostValues} values`);
      }
    },
  };
}

type Fail = (at: number, message: string) => never;

/** Parses one document like parseDocument of yaml, but within the limits on tokens and depth. */
function compose(text: string, lines: LineCounter, fail: Fail): Document.Parsed {
  const parser = new BoundedParser(lines.addNewLine, fail);
  // For unique keys, yaml would compare each key with all others of its map, which takes minutes for large maps. See index().
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  // yaml creates an error for each mistake. Their stack traces are not used and would take most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  let documents: Document.Parsed[];
  try {
    const [first, second] = composer.compose(parser.parse(text), true, text.length);
    documents = [first, second].filter((each) => each !== undefined);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const [document, second] = documents;
  if (second !== undefined) {
    fail(second.range[0], "the file has a second document: put each document into its own file");
  }
  return document ?? fail(0, "the file is empty");
}

class BoundedParser extends Parser {
  readonly #fail: Fail;
  #tokens = 0;

  constructor(onNewLine: (offset: number) => void, fail: Fail) {
    super(onNewLine);
    this.#fail = fail;
  }

  override *next(source: string): Generator<CST.Token, void> {
    if (++this.#tokens > most.tokens) {
      this.#fail(this.offset, `the file has more than the limit of ${most.tokens} words and signs`);
    }
    yield* super.next(source);
    // Count only collections: the stack also holds the document and scalars.
    if (
      this.stack.length > mostDepth &&
      this.stack.filter(({ type }) => collections.has(type)).length > mostDepth
    ) {
      this.#fail(this.offset, `the file is nested deeper than the limit of ${mostDepth} levels`);
    }
  }
}

const collections: ReadonlySet<string> = new Set(["block-map", "block-seq", "flow-collection"]);

/** Finds the target of each alias and the offset of each duplicate name, in one pass over a document. */
function index(document: Document.Parsed, fail: Fail) {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node | undefined>();
  const twice: number[] = [];
  visit(document, {
    Node(_, node) {
      if (isMap<Node, Node>(node)) {
        twice.push(...namesTwice(node.items));
      }
      if (isAlias(node)) {
        targets.set(node, anchors.get(node.source));
        if (targets.size > most.aliases) {
          fail(startOf(node), `the file has more than the limit of ${most.aliases} aliases`);
        }
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return { targets, twice };
}

/** Returns the offsets of names that occur earlier in the same map. */
function namesTwice(items: readonly Pair<Node, Node | null>[]): number[] {
  const names = new Set<string>();
  return items.flatMap(({ key }) => {
    const name = nameOf(key);
    if (name === undefined || !names.has(name)) {
      names.add(name ?? "");
      return [];
    }
    return [startOf(key)];
  });
}

/** Returns the name of a member. A number is returned as written: an id can have more digits than a number holds exactly. */
export function nameOf(key: unknown): string | undefined {
  return !isScalar(key)
    ? undefined
    : typeof key.value === "string"
      ? key.value
      : (key.source ?? String(key.value));
}

/** Returns the offset at which a node begins. */
export function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function isLost(message: string): boolean {
  return /token in YAML stream| at node end$/.test(message);
}

const unquoted = 'within { } and [ ] a reference must be in quotes: "${NAME}"';

/** Removes the excerpt of the file with which some parser messages end, because it may contain a secret. */
function withoutText(message: string): string {
  const quoted = message.endsWith('"') ? message.indexOf(': "') : -1;
  const text = quoted < 0 ? message : message.slice(0, quoted);
  return (
    /^(?:Unresolved (?:tag|alias)|Invalid escape sequence|Not a YAML token|Block scalar header includes extra characters)\b/.exec(
      text,
    )?.[0] ?? text
  );
}
