/**
 * Returns true for an error, also for one of another realm: in Jest, the errors of Node.js are not instances of the `Error` that the
 * code of a test sees.
 */
export function isError(value: unknown): value is Error {
  if (value instanceof Error) {
    return true;
  }
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Error]" || tag === "[object DOMException]";
}
