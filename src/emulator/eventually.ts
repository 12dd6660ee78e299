/** A value that may take its time: only the few checks that parse keys or fetch documents do. */
export type Eventually<T> = T | Promise<T>;

/** Goes on with a value: at once if it is there, so that a seed can be applied while an emulator is made. */
export function andThen<T, U>(
  value: Eventually<T>,
  next: (value: T) => Eventually<U>,
): Eventually<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
