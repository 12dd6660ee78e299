import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { ProviderProblem } from "../providers/index.js";
import { pathText } from "../providers/provider-error.js";
import type { FileProblem } from "./file-error.js";
import {
  contentOf,
  interpolate,
  noReference,
  type Resolved,
  secretOfFile,
  secretOfText,
  type Surroundings,
} from "./references.js";
import { nameOf, startOf, type YamlFile } from "./yaml-file.js";

type Path = ProviderProblem["path"];

/** What a place takes: a secret by reference only, the content of a file besides text, or plain values. */
export type Takes = "secret" | "content" | "plain";

/** The data of a file, with all references resolved. */
export interface ResolvedYaml {
  readonly value: unknown;
  /** References that lead nowhere, literal secrets, and what else cannot be resolved. */
  readonly problems: readonly FileProblem[];
  /** The place in the file of a problem in the data; undefined, if it is only the consequence of another. */
  locate(problem: ProviderProblem): FileProblem | undefined;
}

/** Aliases can make a small file large: so many values it may have, and so many more for each of its characters. */
const mostValues = { always: 100_000, each: 20 } as const;

/** Turns a file into data: aliases, merge keys and references are followed. */
export function resolveYaml(
  { document, problem }: YamlFile,
  takes: (path: Path) => Takes,
  surroundings: Surroundings,
): ResolvedYaml {
  const problems: FileProblem[] = [];
  const places = new Map<string, number>();
  const failed = new Set<string>();
  const open = new Set<Node>();
  const targets = new Map<Node, Node | undefined>();
  const most = mostValues.always + mostValues.each * document.range[2];
  let count = 0;

  const fail = (at: number, path: Path, message: string): undefined => {
    failed.add(keyOf(path));
    problems.push(problem(at, withPath(path, message), path));
  };

  const resolved = (node: Node, path: Path, result: Resolved): unknown =>
    "problem" in result ? fail(startOf(node), path, result.problem) : result.value;

  /** `{ file: path }`, where it is one. */
  const fileOf = (map: YAMLMap, path: Path): string | undefined => {
    const members = membersOf(map, path);
    const value = follow(members.get("file")?.node, path);
    return members.size === 1 && isScalar(value) && typeof value.value === "string"
      ? (resolved(value, path, interpolate(value.value, surroundings)) as string | undefined)
      : fail(startOf(map), path, "must be text, or { file: path } and nothing else");
  };

  const follow = (node: Node | null | undefined, path: Path): Node | undefined => {
    if (!isAlias(node)) {
      return node ?? undefined;
    }
    // Each look for an anchor is one through the whole document.
    const target = targets.get(node) ?? node.resolve(document);
    targets.set(node, target);
    return target === undefined
      ? fail(startOf(node), path, "there is no such anchor before this alias")
      : open.has(target)
        ? fail(startOf(node), path, "the alias leads to itself")
        : target;
  };

  /** The members of a map, those that it merges among them. What it has itself goes first. */
  const membersOf = (map: YAMLMap, path: Path): Map<string, Member> => {
    const own = new Map<string, Member>();
    const merged: Node[] = [];
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      const name = nameOf(key);
      if (name === undefined) {
        fail(startOf(key), path, "the names of members must be text");
      } else if (name === "<<" && isScalar(key) && key.type === "PLAIN") {
        const from = follow(value, path);
        merged.push(...(isSeq<Node>(from) ? from.items : from === undefined ? [] : [from]));
      } else {
        const isShort = isScalar(value) || isAlias(value);
        own.set(name, { node: value ?? undefined, at: startOf(isShort ? value : key) });
      }
    }
    for (const each of merged) {
      const from = follow(each, path);
      if (isMap(from)) {
        open.add(from);
        membersOf(from, path).forEach((member, name) => own.has(name) || own.set(name, member));
        open.delete(from);
      } else {
        fail(startOf(each), path, "<< must be a map, or a list of maps");
      }
    }
    return own;
  };

  const secretOf = (node: Node | undefined, path: Path, at: number): unknown =>
    isScalar(node) && typeof node.value === "string"
      ? resolved(node, path, secretOfText(node.value, surroundings))
      : fail(at, path, noReference);

  const convert = (given: Node | undefined, path: Path, at: number): unknown => {
    if (++count > most) {
      throw new Error(`the aliases of the file make more than ${most} values of it`);
    }
    places.set(keyOf(path), at);
    const node = follow(given, path);
    if (isAlias(given) && node === undefined) {
      return undefined;
    }
    const kind = takes(path);
    if (isMap(node) && kind !== "plain") {
      const file = fileOf(node, path);
      return file === undefined
        ? undefined
        : resolved(node, path, (kind === "secret" ? secretOfFile : contentOf)(file, surroundings));
    }
    if (kind === "secret") {
      return secretOf(node, path, at);
    }
    if (isScalar(node)) {
      return typeof node.value === "string"
        ? resolved(node, path, interpolate(node.value, surroundings))
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
      // The path itself, then what it stands in: something that is missing has no place of its own.
      const keys = path.map((_, index) => keyOf(path.slice(0, path.length - index)));
      const inside = `${keyOf(path).slice(0, -1)}${path.length === 0 ? "" : ","}`;
      const isConsequence =
        keys.some((key) => failed.has(key)) || [...failed].some((key) => key.startsWith(inside));
      const known = keys.find((key) => places.has(key)) ?? keyOf([]);
      return isConsequence
        ? undefined
        : problem(places.get(known) ?? 0, withPath(path, message), path);
    },
  };
}

/** What a map has under a name. */
interface Member {
  readonly node: Node | undefined;
  /** Where people look for it: at a short value, or at the name before a long one. */
  readonly at: number;
}

function withPath(path: Path, message: string): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
