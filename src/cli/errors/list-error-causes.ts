/** The maximum number of causes. */
const maxCauses = 16;

/** Returns the causes of an error, the nearest first. Replaces an AggregateError with its errors. */
export function listErrorCauses(error: unknown): Error[] {
  const found: Error[] = [];
  const add = (cause: unknown): void => {
    if (!(cause instanceof Error) || found.includes(cause) || found.length >= maxCauses) {
      return;
    }
    if (cause instanceof AggregateError && cause.errors.length > 0) {
      cause.errors.forEach(add);
      return;
    }
    found.push(cause);
    add(cause.cause);
  };
  if (error instanceof Error) {
    add(error.cause);
  }
  return found;
}
