import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { ProviderProblem } from "../../providers/index.js";
import { FileError, type FileProblem } from "../errors/file-error.js";
import { interpolate } from "../references/interpolate.js";
import type { ReferenceContext, ResolvedReference } from "../references/reference-context.js";
import { readReferencedFile } from "../references/referenced-file.js";
import { literalSecretProblem, resolveSecretReference } from "../references/secret-reference.js";
import { LocatedProblems, type ValuePath } from "./located-problems.js";
import type { YamlFile } from "./parse-yaml.js";
import { yamlLimits } from "./yaml-limits.js";
import { getNodeOffset, readMemberName } from "./yaml-nodes.js";

/**
 * The kind of a value: `secret` (by reference only), `content` (text or a reference to a file), `plain` (values that may contain
 * references) or `literal` (values in which nothing is a reference).
 */
export type ValueKind = "secret" | "content" | "plain" | "literal";

/** The data of a file with all references resolved. */
export interface ResolvedYaml {
  readonly value: unknown;
  /** The values that could not be resolved, such as references to unset variables and literal secrets. */
  readonly problems: readonly FileProblem[];
  /** The references to secrets whose variable or file is missing. */
  readonly absentSecrets: readonly FileProblem[];
  /** Returns a problem in the data with its place in the file, or undefined if another problem is the cause. */
  locate(problem: ProviderProblem): FileProblem | undefined;
}

/** Converts a YAML file to data. Resolves aliases, merge keys and references. */
export function resolveYaml(
  file: YamlFile,
  kindOfValue: (path: ValuePath) => ValueKind,
  context: ReferenceContext,
): ResolvedYaml {
  const located = new LocatedProblems(file.problemAt);
  const value = new YamlResolver(file, kindOfValue, context, located).resolveDocument();
  const { problems, absentSecrets } = located;
  return { value, problems, absentSecrets, locate: (problem) => located.locate(problem) };
}

/** Converts a YAML file without references to data. Throws a FileError if an alias or a merge key cannot be resolved. */
export function toLiteralData(file: YamlFile): unknown {
  const { value, problems } = resolveYaml(file, () => "literal", { env: {}, folder: "." });
  if (problems.length > 0) {
    throw new FileError(problems);
  }
  return value;
}

/** A member of a map. */
interface YamlMember {
  readonly node: Node | undefined;
  /** The offset to which errors point: the value if it is short, otherwise the name before it. */
  readonly offset: number;
}

/** The conversion of one document. */
class YamlResolver {
  readonly #file: YamlFile;
  readonly #kindOfValue: (path: ValuePath) => ValueKind;
  readonly #context: ReferenceContext;
  readonly #located: LocatedProblems;
  /** The collections that contain the current value. An alias to one of them would be endless. */
  readonly #open = new Set<Node>();
  /** The members of maps that were read. Without this cache, a chain of n maps that each merge the next one twice takes 2^n reads. */
  readonly #members = new Map<YAMLMap, ReadonlyMap<string, YamlMember>>();

  constructor(
    file: YamlFile,
    kindOfValue: (path: ValuePath) => ValueKind,
    context: ReferenceContext,
    located: LocatedProblems,
  ) {
    this.#file = file;
    this.#kindOfValue = kindOfValue;
    this.#context = context;
    this.#located = located;
  }

  resolveDocument(): unknown {
    const { contents } = this.#file.document;
    return this.#convert(contents ?? undefined, [], getNodeOffset(contents));
  }

  /** Converts a node and its children. */
  #convert(node: Node | undefined, path: ValuePath, offset: number): unknown {
    this.#file.countValues(1);
    this.#checkDepth(path, offset);
    this.#located.addPlace(path, offset);
    const target = this.#followAlias(node, path);
    if (isAlias(node) && target === undefined) {
      return undefined;
    }
    const kind = this.#kindOfValue(path);
    if (isMap(target) && (kind === "secret" || kind === "content")) {
      return this.#readFileMap(target, path, kind);
    }
    if (kind === "secret") {
      return this.#resolveSecret(target, path, offset);
    }
    if (isScalar(target)) {
      return typeof target.value === "string" && kind !== "literal"
        ? this.#takeValue(target, path, interpolate(target.value, this.#context, "plain"))
        : target.value;
    }
    return target === undefined ? null : this.#convertCollection(target, path);
  }

  #checkDepth(path: ValuePath, offset: number): void {
    const { depth } = yamlLimits;
    if (path.length > depth) {
      const message = `the aliases of the file nest deeper than the limit of ${depth} levels`;
      throw new FileError([this.#file.problemAt(offset, message)]);
    }
  }

  #convertCollection(node: Node, path: ValuePath): unknown {
    this.#open.add(node);
    const value = isSeq<Node>(node)
      ? node.items.map((item, index) => this.#convert(item, [...path, index], getNodeOffset(item)))
      : isMap(node)
        ? this.#convertMembers(this.#readMembers(node, path), path)
        : null;
    this.#open.delete(node);
    return value;
  }

  #convertMembers(members: ReadonlyMap<string, YamlMember>, path: ValuePath): unknown {
    return Object.fromEntries(
      [...members].map(([name, { node, offset }]) => [
        name,
        this.#convert(node, [...path, name], offset),
      ]),
    );
  }

  #resolveSecret(node: Node | undefined, path: ValuePath, offset: number): unknown {
    return isScalar(node) && typeof node.value === "string"
      ? this.#takeValue(node, path, resolveSecretReference(node.value, this.#context))
      : this.#located.fail(offset, path, literalSecretProblem);
  }

  /** Returns the content of the file that `{ file: path }` names. */
  #readFileMap(map: YAMLMap, path: ValuePath, kind: "secret" | "content"): unknown {
    const members = this.#readMembers(map, path);
    const file = this.#followAlias(members.get("file")?.node, path);
    return members.size === 1 && isScalar(file) && typeof file.value === "string"
      ? this.#takeValue(map, path, readReferencedFile(file.value, kind, this.#context))
      : this.#located.fail(
          getNodeOffset(map),
          path,
          "must be text, or { file: path } and nothing else",
        );
  }

  /** Returns the value of a resolved reference, or records its problem. */
  #takeValue(node: Node, path: ValuePath, resolved: ResolvedReference): unknown {
    if (!("problem" in resolved)) {
      return resolved.value;
    }
    const isAbsentSecret = resolved.isAbsent === true && this.#kindOfValue(path) === "secret";
    return isAbsentSecret
      ? this.#located.failAbsent(getNodeOffset(node), path, resolved.problem)
      : this.#located.fail(getNodeOffset(node), path, resolved.problem);
  }

  /** Returns the target of an alias, and any other node unchanged. */
  #followAlias(node: Node | null | undefined, path: ValuePath): Node | undefined {
    if (!isAlias(node)) {
      return node ?? undefined;
    }
    const target = this.#file.resolveAlias(node);
    return target === undefined
      ? this.#located.fail(
          getNodeOffset(node),
          path,
          "no anchor of this name comes before the alias",
        )
      : this.#open.has(target)
        ? this.#located.fail(
            getNodeOffset(node),
            path,
            "the alias refers to a value that contains it",
          )
        : target;
  }

  /** Returns the members of a map and of the maps that it merges. Its own members take precedence. */
  #readMembers(map: YAMLMap, path: ValuePath): ReadonlyMap<string, YamlMember> {
    const known = this.#members.get(map);
    if (known !== undefined) {
      return known;
    }
    const { own, merged } = this.#splitMembers(map, path);
    for (const source of merged) {
      const from = this.#followAlias(source, path);
      if (isMap(from)) {
        this.#open.add(from);
        const members = this.#readMembers(from, path);
        this.#open.delete(from);
        this.#file.countValues(members.size);
        members.forEach((member, name) => own.has(name) || own.set(name, member));
      } else {
        this.#located.fail(getNodeOffset(source), path, "<< must be a map, or a list of maps");
      }
    }
    this.#members.set(map, own);
    return own;
  }

  /** Separates the members of a map from the values of its merge keys (`<<`). */
  #splitMembers(
    map: YAMLMap,
    path: ValuePath,
  ): { readonly own: Map<string, YamlMember>; readonly merged: readonly Node[] } {
    const own = new Map<string, YamlMember>();
    const merged: Node[] = [];
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      const name = readMemberName(key);
      if (name === undefined) {
        this.#located.fail(getNodeOffset(key), path, "the names of members must be text");
      } else if (name === "<<" && isScalar(key) && key.type === "PLAIN") {
        const from = this.#followAlias(value, path);
        merged.push(...(isSeq<Node>(from) ? from.items : from === undefined ? [] : [from]));
      } else {
        const isShort = isScalar(value) || isAlias(value);
        own.set(name, { node: value ?? undefined, offset: getNodeOffset(isShort ? value : key) });
      }
    }
    return { own, merged };
  }
}
