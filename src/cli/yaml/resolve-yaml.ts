import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { ProviderProblem } from "../../providers/index.js";
import { pathText } from "../../providers/provider-error.js";
import { FileError, type FileProblem } from "../errors/file-error.js";
import {
  interpolate,
  literalSecretProblem,
  readReferencedFile,
  type Resolved,
  resolveSecretReference,
  type ReferenceContext,
} from "../references/secret-reference.js";
import { mostDepth, nameOf, startOf, type YamlFile } from "./parse-yaml.js";

type Path = ProviderProblem["path"];

/**
 * The kind of value at a place: `secret` (by reference only), `content` (text or a reference to a file), `plain` (values that may
 * contain references) or `literal` (values in which nothing is a reference).
 */
export type ValueKind = "secret" | "content" | "plain" | "literal";

/** The data of a file with all references resolved. */
export interface ResolvedYaml {
  readonly value: unknown;
  /** The values that could not be resolved, such as references to unset variables and literal secrets. */
  readonly problems: readonly FileProblem[];
  /** Returns a problem in the data with its place in the file, or undefined if another problem is the cause. */
  locate(problem: ProviderProblem): FileProblem | undefined;
}

/** Converts a YAML file to data. Resolves aliases, merge keys and references. */
export function resolveYaml(
  { document, problem, follow: targetOf, count }: YamlFile,
  takes: (path: Path) => ValueKind,
  context: ReferenceContext,
): ResolvedYaml {
  const problems: FileProblem[] = [];
  const places = new Map<string, number>();
  const failed = new Set<string>();
  /** The paths of values that contain a failed value. */
  const holdFailed = new Set<string>();
  const open = new Set<Node>();
  const merged = new Map<YAMLMap, ReadonlyMap<string, Member>>();

  const fail = (at: number, path: Path, message: string): undefined => {
    failed.add(keyOf(path));
    path.forEach((_, length) => holdFailed.add(keyOf(path.slice(0, length))));
    problems.push(problem(at, withPath(path, message), path));
  };

  const resolved = (node: Node, path: Path, result: Resolved): unknown =>
    "problem" in result ? fail(startOf(node), path, result.problem) : result.value;

  /** Returns the content of `{ file: path }`. */
  const fileOf = (map: YAMLMap, path: Path, kind: "secret" | "content"): unknown => {
    const members = membersOf(map, path);
    const value = follow(members.get("file")?.node, path);
    return members.size === 1 && isScalar(value) && typeof value.value === "string"
      ? resolved(map, path, readReferencedFile(value.value, kind, context))
      : fail(startOf(map), path, "must be text, or { file: path } and nothing else");
  };

  const follow = (node: Node | null | undefined, path: Path): Node | undefined => {
    if (!isAlias(node)) {
      return node ?? undefined;
    }
    const target = targetOf(node);
    return target === undefined
      ? fail(startOf(node), path, "no anchor of this name comes before the alias")
      : open.has(target)
        ? fail(startOf(node), path, "the alias refers to a value that contains it")
        : target;
  };

  /** Returns the members of a map and of the maps that it merges. Its own members take precedence. */
  const membersOf = (map: YAMLMap, path: Path): ReadonlyMap<string, Member> => {
    // Without this cache, a chain of n maps that each merge the next one twice would be read 2^n times.
    const known = merged.get(map);
    if (known !== undefined) {
      return known;
    }
    const own = new Map<string, Member>();
    const sources: Node[] = [];
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      const name = nameOf(key);
      if (name === undefined) {
        fail(startOf(key), path, "the names of members must be text");
      } else if (name === "<<" && isScalar(key) && key.type === "PLAIN") {
        const from = follow(value, path);
        sources.push(...(isSeq<Node>(from) ? from.items : from === undefined ? [] : [from]));
      } else {
        const isShort = isScalar(value) || isAlias(value);
        own.set(name, { node: value ?? undefined, at: startOf(isShort ? value : key) });
      }
    }
    for (const each of sources) {
      const from = follow(each, path);
      if (isMap(from)) {
        open.add(from);
        const members = membersOf(from, path);
        open.delete(from);
        count(members.size);
        members.forEach((member, name) => own.has(name) || own.set(name, member));
      } else {
        fail(startOf(each), path, "<< must be a map, or a list of maps");
      }
    }
    merged.set(map, own);
    return own;
  };

  const secretOf = (node: Node | undefined, path: Path, at: number): unknown =>
    isScalar(node) && typeof node.value === "string"
      ? resolved(node, path, resolveSecretReference(node.value, context))
      : fail(at, path, literalSecretProblem);

  const convert = (given: Node | undefined, path: Path, at: number): unknown => {
    count(1);
    if (path.length > mostDepth) {
      const message = `the aliases of the file nest deeper than the limit of ${mostDepth} levels`;
      throw new FileError([problem(at, message)]);
    }
    places.set(keyOf(path), at);
    const node = follow(given, path);
    if (isAlias(given) && node === undefined) {
      return undefined;
    }
    const kind = takes(path);
    if (isMap(node) && (kind === "secret" || kind === "content")) {
      return fileOf(node, path, kind);
    }
    if (kind === "secret") {
      return secretOf(node, path, at);
    }
    if (isScalar(node)) {
      return typeof node.value === "string" && kind !== "literal"
        ? resolved(node, path, interpolate(node.value, context, "plain"))
        : node.value;
    }
    if (node === undefined) {
      return null;
    }
    open.add(node);
    const value = isSeq<Node>(node)
      ? node.items.map((item, index) => convert(item, [...path, index], startOf(item)))
      : isMap(node)
        ? Object.fromEntries(
            [...membersOf(node, path)].map(([name, member]) => [
              name,
              convert(member.node, [...path, name], member.at),
            ]),
          )
        : null;
    open.delete(node);
    return value;
  };

  const value = convert(document.contents ?? undefined, [], startOf(document.contents));
  return {
    value,
    problems,
    locate({ path, message }) {
      // Look up the path, then its parents: a missing value has no place of its own.
      const keys = path.map((_, index) => keyOf(path.slice(0, path.length - index)));
      const isConsequence = keys.some((key) => failed.has(key)) || holdFailed.has(keyOf(path));
      const known = keys.find((key) => places.has(key)) ?? keyOf([]);
      return isConsequence
        ? undefined
        : problem(places.get(known) ?? 0, withPath(path, message), path);
    },
  };
}

/** A member of a map. */
interface Member {
  readonly node: Node | undefined;
  /** The offset that errors point to: the value if it is short, or else the name before it. */
  readonly at: number;
}

function withPath(path: Path, message: string): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** Converts a YAML file without references to data. Throws a FileError if an alias or a merge key cannot be resolved. */
export function toLiteralData(file: YamlFile): unknown {
  const { value, problems } = resolveYaml(file, () => "literal", { env: {}, folder: "." });
  if (problems.length > 0) {
    throw new FileError(problems);
  }
  return value;
}
