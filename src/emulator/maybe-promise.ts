/** A value, or a promise of it. Only the few checks that parse keys or fetch documents return a promise. */
export type MaybePromise<T> = T | Promise<T>;

/** Passes a value to `next`: synchronously if the value is available, so that `createEmulator` can apply a seed. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
