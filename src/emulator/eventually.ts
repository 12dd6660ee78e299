/** A value, or a promise of it. Only the few checks that parse keys or fetch documents return a promise. */
export type Eventually<T> = T | Promise<T>;

/** Passes a value to `next`: synchronously if the value is available, so that `createEmulator` can apply a seed. */
export function andThen<T, U>(
  value: Eventually<T>,
  next: (value: T) => Eventually<U>,
): Eventually<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
