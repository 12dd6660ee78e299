import { isError } from "../utils/is-error.js";
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
  try {
    return parseTemplate(source);
  } catch (error) {
    const reason = isError(error) ? error.message : String(error);
    throw new SyntaxError(`invalid path template "${source}": ${reason}`);
  }
}

function parseTemplate(source: string): PathTemplate {
  const segments: string[] = [];
  const variables: PathVariable[] = [];
  if (!source.startsWith("/")) {
    throw new SyntaxError('it must start with "/"');
  }
  if (source === "/") {
    return { source, segments, variables, verb: "" };
  }
  const parts = splitSegments(source.slice(1));
  const [last, verb] = splitVerb(parts.pop() ?? "");
  for (const part of [...parts, last]) {
    if (!part.startsWith("{") || !part.endsWith("}")) {
      addSegment(segments, part);
      continue;
    }
    const [path, pattern] = splitVariable(part);
    if (variables.some((variable) => variable.path === path)) {
      throw new SyntaxError(`the variable "${path}" occurs twice`);
    }
    const start = segments.length;
    pattern.split("/").forEach((segment) => addSegment(segments, segment));
    variables.push({ path, start, end: segments.length });
  }
  return { source, segments, variables, verb };
}

/** Splits the last segment from the verb after its first colon. The verb is "" if there is no colon. */
function splitVerb(text: string): [segment: string, verb: string] {
  const colon = text.indexOf(":", text.lastIndexOf("}") + 1);
  if (colon === -1) {
    return [text, ""];
  }
  const verb = text.slice(colon + 1);
  if (!isLiteral(verb.replaceAll(":", "-"))) {
    throw new SyntaxError("the verb after the colon is empty or malformed");
  }
  return [text.slice(0, colon), verb];
}

/** Splits a variable such as `{name=shelves/*}` into its field path and its sub-template, which is `*` by default. */
function splitVariable(text: string): [path: string, pattern: string] {
  const equals = text.indexOf("=");
  const path = text.slice(1, equals === -1 ? -1 : equals);
  if (!fieldPath.test(path)) {
    throw new SyntaxError(`"${path}" is not a field path`);
  }
  return [path, equals === -1 ? "*" : text.slice(equals + 1, -1)];
}

/** Adds a literal or a wildcard to the segments. */
function addSegment(segments: string[], segment: string): void {
  if (segment === "") {
    throw new SyntaxError("a segment is empty");
  }
  if (segment !== "*" && segment !== "**" && !isLiteral(segment)) {
    throw new SyntaxError(`"${segment}" is neither a literal nor "*", "**" or a variable`);
  }
  if (segment === "**" && segments.includes(segment)) {
    throw new SyntaxError('it has more than one "**"');
  }
  segments.push(segment);
}

function isLiteral(text: string): boolean {
  return literal.test(text) && percentDecode(text) !== undefined;
}
