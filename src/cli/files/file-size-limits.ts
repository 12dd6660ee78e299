/** The size limits of files in bytes: `written` for files that people write, `generated` for files that programs write. */
export const maxFileBytes: Readonly<Record<"written" | "generated", number>> = {
  written: 2 ** 20,
  generated: 2 ** 24,
};

/** Describes a file above its size limit, for the end of an error message. */
export function describeTooLarge(maxBytes: number): string {
  return `it is larger than the limit of ${maxBytes / 2 ** 20} MiB`;
}
