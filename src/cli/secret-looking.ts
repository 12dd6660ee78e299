/** The longest text that is shown as a path. In characters. */
const longestPath = 200;

/** The shortest text that can be a random secret, and the shortest one without a change between letters and digits. */
const shortestRandom = 20;
const shortestRun = 40;

/** Each change between lower case, upper case and digits, but for the capital that begins a word. */
const caseChange = /[a-z](?=[A-Z])|[A-Za-z](?=\d)|\d(?=[A-Za-z])/g;

/** More changes than this, for each letter and digit, are no words. Random text has 0.45, words in camel case have 0.2. */
const mostChanges = 0.28;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Checks if a text is certainly the content of a file rather than its path: several lines, PEM, a JSON object, or a JWT.
 */
export function isFileContent(text: string): boolean {
  // The beginning tells enough, and keeps the check cheap.
  const start = text.trim().slice(0, 1000);
  return (
    /[\r\n]/.test(start) ||
    start.includes("-----BEGIN") ||
    (/[{[]/.test(start) && /\w["']?\s{0,9}:\s{0,9}["'\d{[]/.test(start)) ||
    start.startsWith("<") ||
    /(?:^|\/)eyJ[\w-]{8,}\./.test(start)
  );
}

/** Checks if a text may hold a secret: the content of a file, a token, or other text that looks random or is long. */
export function isSecretLooking(text: string): boolean {
  return (
    text.length > longestPath ||
    isFileContent(text) ||
    text.split(/[/\\]/).some((part, _, parts) => isRandom(part, parts.length > 1)) ||
    isBase64(text)
  );
}

/** Base64 has slashes, as paths have, but neither their beginnings nor an extension. */
function isBase64(text: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9+/]*={0,2}$/.test(text) && isRandom(text.replaceAll("/", ""), false)
  );
}

/** Checks if a text looks like the path of a file: short, one line, without the characters of code and of secrets. */
export function isPathLike(text: string): boolean {
  return !/[\p{Cc}{}"'`<>]/u.test(text) && !isSecretLooking(text);
}

/** Returns a path in quotes for an error, or words in its place if it may be a secret. */
export function shownPath(path: string): string {
  return isPathLike(path) ? JSON.stringify(path) : "(not shown: it does not look like a path)";
}

/** Returns the same without quotes, as compilers name files. */
export function plainPath(path: string): string {
  return isPathLike(path) ? path : shownPath(path);
}

/** Returns a value in quotes for an error, or words in its place if it may be a secret. */
export function shownValue(value: string): string {
  return isSecretLooking(value) ? "(not shown: it looks like a secret)" : JSON.stringify(value);
}

function isRandom(part: string, isInPath: boolean): boolean {
  if (part.length < shortestRandom || (isInPath && uuid.test(part))) {
    return false;
  }
  const characters = part.replace(/[^A-Za-z0-9]/g, "").length;
  const changes = part.match(caseChange)?.length ?? 0;
  return (
    changes > characters * mostChanges ||
    part.split(/[^A-Za-z0-9+=]/).some((run) => run.length >= shortestRun) ||
    /[A-Za-z0-9+]{12,}={1,2}$/.test(part)
  );
}
