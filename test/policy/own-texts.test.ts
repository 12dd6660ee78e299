import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAst } from "vitest/node";

const source = join(import.meta.dirname, "../../src");

/** The folders whose code creates the errors of calls. */
const creators = /^(?:auth|call|options|policy|rest|transport|utils)\//;
/** The folders whose code decides by errors, or reports them. */
const readers =
  /^(?:auth|call|hints|otel|policy|transport|whoami)\/|^cli\/(?:connection|errors|report)\//;
/** The only file that may look for texts that our errors have too: it reads errors of Connect's own transports. */
const exempt = "call/read-connect-facts.ts";

type Node = Readonly<Record<string, unknown>> & { readonly start: number; readonly end: number };

/** Calls `visit` with each node of a file. */
function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) {
    node.forEach((each) => walk(each, visit));
  } else if (typeof node === "object" && node !== null) {
    if ("type" in node) {
      visit(node as unknown as Node);
    }
    Object.values(node).forEach((each) => walk(each, visit));
  }
}

function listNodes(code: string, file: string): Node[] {
  const nodes: Node[] = [];
  walk(parseAst(code, { lang: "ts" }, file), (node) => nodes.push(node));
  return nodes;
}

function readRegex(node: Node | undefined): RegExp | undefined {
  const { regex } = (node ?? {}) as { regex?: { pattern: string; flags: string } };
  return regex && new RegExp(regex.pattern, regex.flags.replace("g", ""));
}

function readText(node: Node | undefined): string | undefined {
  return node?.["type"] === "Literal" && typeof node["value"] === "string"
    ? node["value"]
    : undefined;
}

/** Returns the sentences in the code of a file. Placeholders become a word. */
function listSentences(code: string, file: string): string[] {
  return listNodes(code, file)
    .flatMap((node) =>
      node["type"] === "TemplateLiteral"
        ? (node["quasis"] as { value: { cooked: string } }[])
            .map(({ value }) => value.cooked)
            .join("x1")
        : (readText(node) ?? []),
    )
    .filter((text) => text.trim().includes(" "));
}

/** A test of a text: the code, and the function that carries it out. */
interface TextTest {
  readonly code: string;
  readonly matches: (text: string) => boolean;
}

/** Matches code that stands for the text of an error. The rules of hints call it `text`. */
const errorText = /\b(?:rawMessage|message|causes?|description)\b/i;
const hintText = /\b(?:text|causes?)\b/;

/** Returns the tests of error texts in the code of a file. */
function listTextTests(code: string, file: string): TextTest[] {
  const nodes = listNodes(code, file);
  const regexes = nodes.flatMap((node) => readRegex(node) ?? []);
  const codeOf = ({ start, end }: Node): string => code.slice(start, end);
  // A pattern that is not written in place may be any of the file.
  const byRegex = (node: Node | undefined): TextTest["matches"] => {
    const own = readRegex(node);
    const patterns = own === undefined ? regexes : [own];
    return (text) => patterns.some((pattern) => pattern.test(text));
  };
  const isError = (node: Node): boolean =>
    (file.startsWith("hints/") ? hintText : errorText).test(codeOf(node));
  const findTest = (node: Node): TextTest["matches"] | undefined => {
    if (node["type"] === "BinaryExpression" && /^[!=]==$/.test(String(node["operator"]))) {
      const [left, right] = [node["left"], node["right"]] as [Node, Node];
      const text = readText(right);
      return text?.includes(" ") && isError(left) ? (each) => each === text : undefined;
    }
    if (node["type"] !== "CallExpression") {
      return undefined;
    }
    const callee = node["callee"] as Node;
    const [first, second] = node["arguments"] as (Node | undefined)[];
    if (codeOf(callee) === "isOneOf") {
      return first && isError(first) ? byRegex(second) : undefined;
    }
    const { object, property } = callee as unknown as { object?: Node; property?: Node };
    if (object === undefined || property === undefined || first === undefined) {
      return undefined;
    }
    const name = codeOf(property);
    if (name === "test" || name === "exec") {
      return isError(first) ? byRegex(object) : undefined;
    }
    const text = readText(first);
    if (text === undefined || !isError(object)) {
      return undefined;
    }
    return name === "includes" || name === "startsWith" || name === "endsWith"
      ? (each) => each[name](text)
      : undefined;
  };
  return nodes.flatMap((node) => {
    const matches = findTest(node);
    return matches === undefined ? [] : [{ code: codeOf(node), matches }];
  });
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"));
const readCode = (name: string): string => readFileSync(join(source, name), "utf8");

/** Returns the tests in a file that a text of ours passes, each with the first such text. */
function findMatches(name: string, sentences: readonly string[]): string[] {
  return listTextTests(readCode(name), name).flatMap(({ code, matches }) => {
    const text = sentences.find(matches);
    return text === undefined ? [] : [`${code} matches our own text: ${text}`];
  });
}

describe("code that decides by the text of an error", () => {
  const sentences = files
    .filter((name) => creators.test(name) && name !== exempt)
    .flatMap((name) => {
      const code = readCode(name);
      // The texts that code looks for are of others.
      const tests = new Set(listTextTests(code, name).map((each) => each.code));
      const isSearched = (text: string): boolean => [...tests].some((each) => each.includes(text));
      return listSentences(code, name).filter((text) => !isSearched(text));
    });

  test("matches no text of our own errors", () => {
    const found = files
      .filter((name) => readers.test(name) && name !== exempt)
      .flatMap((name) => findMatches(name, sentences).map((each) => `src/${name}: ${each}`));
    expect(found).toEqual([]);
  });

  test("is found by this test", () => {
    expect(sentences.length).toBeGreaterThan(300);
    expect(findMatches(exempt, sentences).join("\n")).toMatch(
      /serialize[^]*http\\\/2 stream closed[^]*PING timed out[^]*missing/,
    );
    expect(listTextTests(`if (/^PING/.test(error.message)) {}`, "x.ts")).toHaveLength(1);
    expect(listTextTests(`if (causes.includes("a b")) {}`, "x.ts")).toHaveLength(1);
    expect(listTextTests(`if (text === "a b") {}`, "hints/x.ts")).toHaveLength(1);
  });
});
