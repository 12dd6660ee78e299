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
  const cleanSegments: string[] = [];
  const segments = path.split("/");
  for (const segment of segments) {
    if (segment === "..") {
      cleanSegments.pop();
    } else if (segment !== "" && segment !== ".") {
      cleanSegments.push(segment);
    }
  }
  const slash = path.endsWith("/") && cleanSegments.length > 0 ? "/" : "";
  return `/${cleanSegments.join("/")}${slash}`;
}
