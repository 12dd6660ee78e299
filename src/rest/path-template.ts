/** A parsed path template of google.api.http, e.g. `/v1/{name=shelves/*}/books/{id}:check`. */
export interface Template {
  /** The text of the template. */
  readonly source: string;
  /** The literals, `*` and `**`, including the sub-templates of the variables. */
  readonly segments: readonly string[];
  /** The variables in order of appearance. */
  readonly variables: readonly Variable[];
  /** The text after the final colon, or "". */
  readonly verb: string;
}

/** A variable of a template, which covers `segments.slice(start, end)`. */
export interface Variable {
  /** The proto names of the fields, joined by dots. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** RFC 3986 pchar, without `*` (a wildcard is a whole segment) and without `:` (it starts the verb). */
const literal = /^(?:[-\w.~!$&'()+,;=@]|%[\da-f]{2})+$/i;
const fieldPath = /^[a-z_]\w*(?:\.[a-z_]\w*)*$/i;

/** Splits a path at the slashes outside braces: a slash is inside braces if the next brace closes. */
function splitSegments(path: string): string[] {
  const parts: string[] = [];
  let end = path.length;
  let nextBrace = "";
  for (let at = path.length - 1; at >= 0; at--) {
    const char = path.charAt(at);
    if (char === "{" || char === "}") {
      nextBrace = char;
    } else if (char === "/" && nextBrace !== "}") {
      parts.push(path.slice(at + 1, end));
      end = at;
    }
  }
  return [...parts, path.slice(0, end)].toReversed();
}

/**
 * Parses a path template. Throws a SyntaxError that names the problem.
 *
 * Like grpc-gateway, and unlike the comment in http.proto, the parser accepts a fixed tail after `**`, and colons in a verb. A
 * template may have only one `**`: the end of the first of two would be ambiguous.
 */
export function parsePathTemplate(source: string): Template {
  const segments: string[] = [];
  const variables: Variable[] = [];
  const fail = (reason: string): never => {
    throw new SyntaxError(`invalid path template "${source}": ${reason}`);
  };
  const add = (segment: string): void => {
    if (segment === "") {
      fail("a segment is empty");
    }
    if (segment !== "*" && segment !== "**" && !isLiteral(segment)) {
      fail(`"${segment}" is neither a literal nor "*", "**" or a variable`);
    }
    if (segment === "**" && segments.includes(segment)) {
      fail('it has more than one "**"');
    }
    segments.push(segment);
  };

  if (!source.startsWith("/")) {
    fail('it must start with "/"');
  }
  if (source === "/") {
    return { source, segments, variables, verb: "" };
  }
  const parts = splitSegments(source.slice(1));
  const last = parts.pop() ?? "";
  const colon = last.indexOf(":", last.lastIndexOf("}") + 1);
  const verb = colon === -1 ? "" : last.slice(colon + 1);
  if (colon !== -1 && !isLiteral(verb.replaceAll(":", "-"))) {
    fail("the verb after the colon is empty or malformed");
  }
  for (const part of [...parts, colon === -1 ? last : last.slice(0, colon)]) {
    if (!part.startsWith("{") || !part.endsWith("}")) {
      add(part);
      continue;
    }
    const equals = part.indexOf("=");
    const path = part.slice(1, equals === -1 ? -1 : equals);
    if (!fieldPath.test(path)) {
      fail(`"${path}" is no field path`);
    }
    if (variables.some((variable) => variable.path === path)) {
      fail(`the variable "${path}" occurs twice`);
    }
    const start = segments.length;
    (equals === -1 ? "*" : part.slice(equals + 1, -1)).split("/").forEach(add);
    variables.push({ path, start, end: segments.length });
  }
  return { source, segments, variables, verb };
}

/**
 * Returns the percent-encoded path for `values`, one per variable in order.
 *
 * Returns `undefined` if a value does not fit its variable: it is empty, or its segments differ from those of the sub-template. A
 * variable of one `*` encodes everything but `-_.~0-9A-Za-z`, including `/`; any other variable keeps the `/` between segments.
 * Throws a URIError for a lone surrogate.
 */
export function expand(template: Template, values: readonly string[]): string | undefined {
  const { segments, variables, verb } = template;
  const path: string[] = [];
  let at = 0;
  for (const [index, variable] of variables.entries()) {
    const value = values[index] ?? "";
    if (!accepts(template, variable, value)) {
      return undefined;
    }
    const pieces = splitValue(template, variable, value);
    path.push(...segments.slice(at, variable.start), ...pieces.map(percentEncode));
    at = variable.end;
  }
  path.push(...segments.slice(at));
  return `/${path.join("/")}${verb && `:${verb}`}`;
}

/** Returns true if a value fits its variable. */
export function accepts(template: Template, variable: Variable, value: string): boolean {
  const pattern = template.segments.slice(variable.start, variable.end);
  return fits(pattern, align(pattern, splitValue(template, variable, value)), 1);
}

/** Splits the value of a variable into path segments. */
export function splitValue(template: Template, variable: Variable, value: string): string[] {
  const single = variable.end - variable.start === 1 && template.segments[variable.start] === "*";
  return single ? [value] : value.split("/");
}

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
 * match(template, decodeURIComponent(path).slice(1).split("/"));
 * ```
 */
export function match(
  template: Template,
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
  const aligned = align(segments, rest);
  if (!fits(segments, aligned, 0)) {
    return undefined;
  }
  return Object.fromEntries(
    variables.map(({ path, start, end }) => [path, aligned.slice(start, end).join("/")]),
  );
}

/** Percent-encodes all but the unreserved characters of RFC 3986. encodeURIComponent leaves five more characters as they are. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isLiteral(text: string): boolean {
  return literal.test(text) && decode(text) !== undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Returns one piece per segment of the pattern, with the pieces of `**` joined, or `undefined` if the counts differ. */
function align(
  pattern: readonly string[],
  pieces: readonly string[],
): readonly string[] | undefined {
  const wild = pattern.indexOf("**");
  if (wild === -1) {
    return pieces.length === pattern.length ? pieces : undefined;
  }
  const tail = pieces.length - (pattern.length - wild - 1);
  if (tail < wild) {
    return undefined;
  }
  return [...pieces.slice(0, wild), pieces.slice(wild, tail).join("/"), ...pieces.slice(tail)];
}

function fits(
  pattern: readonly string[],
  pieces: readonly string[] | undefined,
  leastLength: 0 | 1,
): pieces is readonly string[] {
  return (
    pieces !== undefined &&
    pattern.every((segment, index) => {
      const piece = pieces[index] ?? "";
      return segment.startsWith("*") ? piece.length >= leastLength : piece === decode(segment);
    })
  );
}
