/**
 * Returns true if the path of a request target has an escape without two hexadecimal digits. The server's HTTP layer rejects such
 * a target.
 */
export function isMalformedTarget(target: string): boolean {
  return /%(?![\da-f]{2})/i.test(target.split("?", 1)[0] ?? "");
}

/** Decodes a path once, byte by byte. */
export function decodePath(path: string): string {
  return path.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Removes empty and dot segments, as Go's `path.Clean` does, but keeps a trailing slash. */
export function cleanPath(path: string): string {
  const kept: string[] = [];
  const pieces = path.split("/");
  for (const piece of pieces) {
    if (piece === "..") {
      kept.pop();
    } else if (piece !== "" && piece !== ".") {
      kept.push(piece);
    }
  }
  const slash = path.endsWith("/") && kept.length > 0 ? "/" : "";
  return `/${kept.join("/")}${slash}`;
}
