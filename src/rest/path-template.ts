import { percentDecode } from "./percent-encoding.js";

/** A parsed path template of google.api.http, e.g. `/v1/{name=shelves/*}/books/{id}:check`. */
export interface PathTemplate {
  /** The text of the template. */
  readonly source: string;
  /** The literals, `*` and `**`, including the sub-templates of the variables. */
  readonly segments: readonly string[];
  /** The variables in order of appearance. */
  readonly variables: readonly PathVariable[];
  /** The text after the final colon, or "". */
  readonly verb: string;
}

/** A variable of a template, which covers `segments.slice(start, end)`. */
export interface PathVariable {
  /** The proto names of the fields, joined by dots. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Matches a literal segment: pchar of RFC 3986, without `*` (a wildcard is a whole segment) and without `:` (it starts the verb). */
const literal = /^(?:[-\w.~!$&'()+,;=@]|%[\da-f]{2})+$/i;
const fieldPath = /^[a-z_]\w*(?:\.[a-z_]\w*)*$/i;

/** Splits a path at the slashes outside braces. A slash is inside braces if the next brace is a closing one. */
function splitSegments(path: string): string[] {
  const parts: string[] = [];
  let end = path.length;
  let nextBrace = "";
  for (let at = path.length - 1; at >= 0; at--) {
    const char = path.charAt(at);
    if (char === "{" || char === "}") {
      nextBrace = char;
    } else if (char === "/" && nextBrace !== "}") {
      parts.unshift(path.slice(at + 1, end));
      end = at;
    }
  }
  return [path.slice(0, end), ...parts];
}

/**
 * Parses a path template. Throws a SyntaxError that names the problem.
 *
 * Like grpc-gateway, and unlike the comment in http.proto, the parser accepts a fixed tail after `**`, and colons in a verb. A
 * template may have only one `**`: the end of the first of two would be ambiguous.
 */
export function parsePathTemplate(source: string): PathTemplate {
  const segments: string[] = [];
  const variables: PathVariable[] = [];
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

function isLiteral(text: string): boolean {
  return literal.test(text) && percentDecode(text) !== undefined;
}
