/** Returns the anchors that a document declares by `<a id="…">`. */
export function readDeclaredAnchors(text) {
  return new Set(Array.from(text.matchAll(/<a id="([^"]+)">/g), ([, anchor]) => anchor));
}
