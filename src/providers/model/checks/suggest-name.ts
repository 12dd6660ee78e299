/** Returns a hint with the closest known name, or with all known names if none is close. */
export function suggestField(name: string, known: readonly string[]): string {
  const near = findSameName(name, known);
  return near === undefined ? `it has ${known.join(", ")}` : `did you mean ${near}?`;
}

/** Returns a hint with the closest known value, or nothing if none is close. */
function suggestValue(value: unknown, known: readonly string[]): string {
  const near = typeof value === "string" ? findSameName(value, known) : undefined;
  return near === undefined ? "" : `; did you mean ${near}?`;
}

/**
 * Returns the known name that differs only in case and punctuation, or that is the end of one of ZITADEL's longer constants.
 */
function findSameName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const isConstant = /^[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(name);
  return known.find(
    (each) => plain(each) === plain(name) || (isConstant && plain(name).endsWith(plain(each))),
  );
}

/** Returns the problem of a value that is none of the known texts. */
export function mustBeOneOf(value: unknown, known: readonly string[]): string {
  return `must be ${joinWithOr(known)}${suggestValue(value, known)}`;
}

function joinWithOr(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
