/** Returns the errors that an AggregateError of any realm holds, and an empty list for other errors. */
export function errorsIn(error: Error): readonly unknown[] {
  return "errors" in error && Array.isArray(error.errors) ? error.errors : [];
}
