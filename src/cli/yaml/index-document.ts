import { type Document, isAlias, isMap, type Node, type Pair, visit } from "yaml";
import type { FailAt } from "./compose-yaml.js";
import { yamlLimits } from "./yaml-limits.js";
import { getNodeOffset, readMemberName } from "./yaml-nodes.js";

/** The facts about a document that need a pass over all of its nodes. */
interface DocumentIndex {
  /** The target of each alias. Undefined for an alias without an anchor before it. */
  readonly targets: ReadonlyMap<Node, Node | undefined>;
  /** The offsets of names that occur earlier in the same map. */
  readonly duplicateNames: readonly number[];
}

/** Finds the targets of aliases and the duplicate names in one pass over a document. */
export function indexDocument(document: Document.Parsed, fail: FailAt): DocumentIndex {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node | undefined>();
  const duplicateNames: number[] = [];
  visit(document, {
    Node(_, node) {
      if (isMap<Node, Node>(node)) {
        duplicateNames.push(...findDuplicateNames(node.items));
      }
      if (isAlias(node)) {
        targets.set(node, anchors.get(node.source));
        if (targets.size > yamlLimits.aliases) {
          fail(
            getNodeOffset(node),
            `the file has more than the limit of ${yamlLimits.aliases} aliases`,
          );
        }
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return { targets, duplicateNames };
}

function findDuplicateNames(items: readonly Pair<Node, Node | null>[]): number[] {
  const names = new Set<string>();
  return items.flatMap(({ key }) => {
    const name = readMemberName(key);
    if (name === undefined || !names.has(name)) {
      names.add(name ?? "");
      return [];
    }
    return [getNodeOffset(key)];
  });
}
