import { secretHeaders } from "./redact-header.js";

/** Numeric properties that identify the kind of an error. They stay, even if a secret is the same number. */
const errorCodeNames: ReadonlySet<PropertyKey> = new Set(["code", "errno", "status", "statusCode"]);

/** Properties that form the structure of an error. They keep their names, even if a secret is the same text. */
const structuralNames: ReadonlySet<PropertyKey> = new Set([
  "name",
  "message",
  "stack",
  "cause",
  "errors",
  "code",
  "rawMessage",
  "metadata",
  "details",
  "type",
  "value",
  "debug",
]);

/** Returns true for a property whose name stays, even if a secret is the same text. */
export function isStructuralName(name: PropertyKey): boolean {
  return structuralNames.has(name);
}

/** Returns true for a number that identifies the kind of an error, such as `errno`. */
export function isErrorCode(name: PropertyKey, value: unknown): boolean {
  return errorCodeNames.has(name) && typeof value === "number";
}

/** Returns true for a text under the name of a secret header. */
export function isSecretHeader(name: PropertyKey, value: unknown): boolean {
  return (
    typeof name === "string" && typeof value === "string" && secretHeaders.has(name.toLowerCase())
  );
}
