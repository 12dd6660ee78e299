import type { PathTemplate } from "./path-template.js";
import { percentDecode } from "./percent-encoding.js";

/**
 * Returns the values of the variables by field path if `pieces`, the decoded segments of a path, match the template; otherwise
 * `undefined`.
 *
 * As in grpc-gateway, `*` matches an empty segment and `**` matches no segment at all.
 *
 * ZITADEL's gateway decodes a path before splitting it, so `%2F` separates segments there. To keep `%2F` inside a value, split
 * first.
 *
 * @example
 * ```ts
 * matchPathTemplate(template, decodeURIComponent(path).slice(1).split("/"));
 * ```
 */
export function matchPathTemplate(
  template: PathTemplate,
  pieces: readonly string[],
): Record<string, string> | undefined {
  const { segments, variables, verb } = template;
  let rest = template.source === "/" && pieces.join("/") === "" ? [] : pieces;
  if (verb !== "") {
    const last = rest.at(-1) ?? "";
    const end = last.length - verb.length - 1;
    if (end < 1 || !last.endsWith(`:${verb}`)) {
      return undefined;
    }
    rest = [...rest.slice(0, -1), last.slice(0, end)];
  }
  const aligned = alignPieces(segments, rest);
  if (!fitsPattern(segments, aligned, 0)) {
    return undefined;
  }
  return Object.fromEntries(
    variables.map(({ path, start, end }) => [path, aligned.slice(start, end).join("/")]),
  );
}

/** Returns one piece per segment of the pattern, with the pieces of `**` joined, or `undefined` if the counts differ. */
export function alignPieces(
  pattern: readonly string[],
  pieces: readonly string[],
): readonly string[] | undefined {
  const wildcard = pattern.indexOf("**");
  if (wildcard === -1) {
    return pieces.length === pattern.length ? pieces : undefined;
  }
  const tail = pieces.length - (pattern.length - wildcard - 1);
  if (tail < wildcard) {
    return undefined;
  }
  return [
    ...pieces.slice(0, wildcard),
    pieces.slice(wildcard, tail).join("/"),
    ...pieces.slice(tail),
  ];
}

/** Returns true if each piece fits its segment: a literal exactly, and a wildcard with at least `leastLength` characters. */
export function fitsPattern(
  pattern: readonly string[],
  pieces: readonly string[] | undefined,
  leastLength: 0 | 1,
): pieces is readonly string[] {
  return (
    pieces !== undefined &&
    pattern.every((segment, index) => {
      const piece = pieces[index] ?? "";
      return segment.startsWith("*")
        ? piece.length >= leastLength
        : piece === percentDecode(segment);
    })
  );
}
