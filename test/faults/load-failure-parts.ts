/** Loads the code that deals with failures. Vitest translates it when the first failure asks for it, which would count as lateness. */
export async function loadFailureParts(): Promise<void> {
  await import("../../src/policy/errors/failure-code.js");
  await import("../../src/transport/grpc-failure.js");
  await import("../../src/transport/json-failure.js");
}
