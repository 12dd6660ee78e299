/** Calls `callback` with each node of a syntax tree, parents before their children. */
export function visitNodes(tree, callback) {
  if (typeof tree?.type === "string") {
    callback(tree);
  }
  for (const child of Object.values(tree ?? {})) {
    if (typeof child === "object" && child !== null) {
      visitNodes(child, callback);
    }
  }
}
