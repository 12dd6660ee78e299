import { isScalar, type Node } from "yaml";

/** Returns the name of a member. Returns a number as written, because an id may have more digits than a number can hold. */
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
