import { guid } from "../../utils/guid.js";

/** The maximum length of a text that is shown as a path, in characters. */
const maxPathLength = 200;

/** The minimum length of a random secret, and that of a run of characters that is one even without changes of case. */
const minRandomLength = 20;
const minRunLength = 40;

/** Matches each change between lower case, upper case and digits, except for the capital that begins a word. */
const caseChange = /[a-z](?=[A-Z])|[A-Za-z](?=\d)|\d(?=[A-Za-z])/g;

/** The maximum number of changes per letter or digit in words. Random text has 0.45, and words in camel case have 0.2. */
const maxCaseChanges = 0.28;

/**
 * Returns true for text that is certainly the content of a file, not its path: several lines, PEM, XML, a JSON object, or a JWT.
 */
export function isFileContent(text: string): boolean {
  // Check only the beginning, which is sufficient and cheap.
  const start = text.trim().slice(0, 1000);
  return (
    /[\r\n]/.test(start) ||
    start.includes("-----BEGIN") ||
    (/[{[]/.test(start) && /\w["']?\s{0,9}:\s{0,9}["'\d{[]/.test(start)) ||
    start.startsWith("<") ||
    /(?:^|\/)eyJ[\w-]{8,}\./.test(start)
  );
}

/** Returns true for text that may hold a secret: the content of a file, a token, or other random or long text. */
export function isSecretLike(text: string): boolean {
  return (
    text.length > maxPathLength ||
    isFileContent(text) ||
    text.split(/[/\\]/).some((part, _, parts) => isRandom(part, parts.length > 1)) ||
    isBase64(text)
  );
}

/** Returns true for random base64. It has slashes as paths do, but no leading slash or dot and no extension. */
function isBase64(text: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9+/]*={0,2}$/.test(text) && isRandom(text.replaceAll("/", ""), false)
  );
}

/** Returns true for text that looks like a file path: short, one line, without the characters of code and of secrets. */
export function isPathLike(text: string): boolean {
  return !/[\p{Cc}{}"'`<>]/u.test(text) && !isSecretLike(text);
}

function isRandom(part: string, isInPath: boolean): boolean {
  if (part.length < minRandomLength || (isInPath && guid.test(part))) {
    return false;
  }
  const characters = part.replace(/[^A-Za-z0-9]/g, "").length;
  const changes = part.match(caseChange)?.length ?? 0;
  return (
    changes > characters * maxCaseChanges ||
    part.split(/[^A-Za-z0-9+=]/).some((run) => run.length >= minRunLength) ||
    /[A-Za-z0-9+]{12}={1,2}$/.test(part)
  );
}
