/** The size limits of files in bytes: `written` for files that people write, `generated` for files that programs write. */
export const maxFileBytes: Readonly<Record<"written" | "generated", number>> = {
  written: 2 ** 20,
  generated: 2 ** 24,
};

/** Returns the end of an error about a file above its size limit. */
export function describeTooLarge(maxBytes: number): string {
  return `it is larger than the limit of ${maxBytes / 2 ** 20} MiB`;
}
