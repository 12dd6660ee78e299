/** The maximum number of causes of an error that are looked at. An error may be its own cause. */
export const maxCauses = 16;

/** Returns the errors that an AggregateError of any realm holds, and an empty list for other errors. */
export function errorsIn(error: Error): readonly unknown[] {
  return "errors" in error && Array.isArray(error.errors) ? error.errors : [];
}
