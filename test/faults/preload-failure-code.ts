/** Loads the code that runs after failures. Vitest would compile it during the first failed call, and the call would be late. */
export async function preloadFailureCode(): Promise<void> {
  await import("../../src/policy/errors/failure-code.js");
  await import("../../src/transport/grpc-error.js");
  await import("../../src/transport/json-errors.js");
}
