import { nearestName, toLettersAndDigits } from "../../nearest-name.js";

/** Returns a hint with the closest known name, or with all known names if none is close. */
export function suggestField(name: string, known: readonly string[]): string {
  const near = findKnownName(name, known);
  return near === undefined ? `it has ${known.join(", ")}` : `did you mean ${near}?`;
}

/** Returns a hint with the closest known value, or nothing if none is close. */
function suggestValue(value: unknown, known: readonly string[]): string {
  const near = typeof value === "string" ? findKnownName(value, known) : undefined;
  return near === undefined ? "" : `; did you mean ${near}?`;
}

/** Returns the known name that `name` most likely stands for. `name` may be one of ZITADEL's longer constants. */
function findKnownName(name: string, known: readonly string[]): string | undefined {
  const isConstant = /^[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(name);
  const given = toLettersAndDigits(name);
  return (
    nearestName(name, known) ??
    (isConstant ? known.find((each) => given.endsWith(toLettersAndDigits(each))) : undefined)
  );
}

/** Returns the problem of a value that is none of the known texts. */
export function mustBeOneOf(value: unknown, known: readonly string[]): string {
  return `must be ${joinWithOr(known)}${suggestValue(value, known)}`;
}

function joinWithOr(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
