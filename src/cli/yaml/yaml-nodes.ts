import { isScalar, type Node } from "yaml";

/** Returns the name of a member. A number is returned as written: an id can have more digits than a number holds exactly. */
export function readMemberName(key: unknown): string | undefined {
  return !isScalar(key)
    ? undefined
    : typeof key.value === "string"
      ? key.value
      : (key.source ?? String(key.value));
}

/** Returns the offset at which a node begins, in characters from the start of the file. */
export function getNodeOffset(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}
