/** Returns the anchors that a document declares by `<a id="…">`. */
export function readDeclaredAnchors(text: string): Set<string>;
