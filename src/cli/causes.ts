/** A chain of causes that is longer tells nothing more. */
const maxCauses = 16;

/** Returns the causes of an error, from the nearest on. An AggregateError stands for the errors in it. */
export function causesOf(error: unknown): Error[] {
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
