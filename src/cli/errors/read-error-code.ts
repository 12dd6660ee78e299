/** Returns the code of an error of the file system, e.g. `ENOENT`. Undefined for other errors. */
export function readErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
