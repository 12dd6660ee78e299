/** Returns the errors in an AggregateError. Checks its name, because Hermes before React Native 0.84 has no such class. */
export function errorsOf(error: Error): readonly unknown[] {
  const { errors } = error as { errors?: unknown };
  return error.name === "AggregateError" && Array.isArray(errors) ? errors : [];
}
