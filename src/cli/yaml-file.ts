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
import { FileError, type FileProblem } from "./file-error.js";

/** A file in YAML, and so in JSON, which is YAML too. */
export interface YamlFile {
  readonly name: string;
  readonly document: Document.Parsed;
  /** Returns the problem at a place, in characters from the start of the file. */
  problem(at: number, message: string, path?: FileProblem["path"]): FileProblem;
  /** Returns the node that an alias stands for, any other node itself, and undefined for an alias without an anchor before it. */
  follow(node: Node): Node | undefined;
  /** Counts values. Throws a FileError if aliases make too many of them. */
  count(values: number): void;
}

/** Limits of a file. No file that people write comes near them, and within them no file takes longer than seconds. */
const most = {
  /** Words, signs and breaks, as the lexer of yaml counts them: a file of 1 MiB that people write has 300,000. */
  tokens: 500_000,
  aliases: 1000,
  /** The values that aliases may add to those that stand in the file. */
  repeated: 100_000,
} as const;

/** The levels that a document may have, in the file and with its aliases in place. */
export const mostDepth = 64;

/** Parses the text of a file. Throws a FileError with all mistakes of form, names that are there twice among them. */
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
  // After the first part that cannot be understood, all later mistakes are only its consequences.
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
        fail(0, `the aliases of the file make more than ${mostValues} values of it`);
      }
    },
  };
}

type Fail = (at: number, message: string) => never;

/** Does what parseDocument of yaml does, and ends where a file is nested too deep. */
function compose(text: string, lines: LineCounter, fail: Fail): Document.Parsed {
  const parser = new BoundedParser(lines.addNewLine, fail);
  // yaml compares each key with all others of its map, which takes minutes for large maps: index() does that.
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  // yaml makes an error object for each mistake, and nobody sees their stacks, which cost most of the time.
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
    fail(second.range[0], "there is a second document: give a file with one");
  }
  return document ?? fail(0, "there is nothing in the file");
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
      this.#fail(
        this.offset,
        `has more than ${most.tokens} words and signs, the most that is read`,
      );
    }
    yield* super.next(source);
    // The stack has the document and scalars besides the collections.
    if (
      this.stack.length > mostDepth &&
      this.stack.filter(({ type }) => collections.has(type)).length > mostDepth
    ) {
      this.#fail(this.offset, `is nested deeper than ${mostDepth} levels, the most that is read`);
    }
  }
}

const collections: ReadonlySet<string> = new Set(["block-map", "block-seq", "flow-collection"]);

/** Goes through a document once: which node each alias stands for, and where names are there twice. */
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
          fail(startOf(node), `the file has more than ${most.aliases} aliases, the most it may`);
        }
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return { targets, twice };
}

/** Returns where names stand that the same map has before. */
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

/** Returns the name of a member. A number stays as it was written: an id has more digits than a number can hold. */
export function nameOf(key: unknown): string | undefined {
  return !isScalar(key)
    ? undefined
    : typeof key.value === "string"
      ? key.value
      : (key.source ?? String(key.value));
}

/** Returns where a node begins. */
export function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function isLost(message: string): boolean {
  return /token in YAML stream| at node end$/.test(message);
}

const unquoted = 'within { } and [ ] a reference must be in quotes: "${NAME}"';

/** Some messages of the parser end with a part of the file, which may be a secret. */
function withoutText(message: string): string {
  const quoted = message.endsWith('"') ? message.indexOf(': "') : -1;
  const text = quoted < 0 ? message : message.slice(0, quoted);
  return (
    /^(?:Unresolved (?:tag|alias)|Invalid escape sequence|Not a YAML token|Block scalar header includes extra characters)\b/.exec(
      text,
    )?.[0] ?? text
  );
}
