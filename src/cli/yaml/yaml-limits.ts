/** The limits of a file. Files that people write are far below, and a file within the limits is parsed in seconds. */
export const yamlLimits = {
  /** The maximum number of tokens (words, signs and breaks). A usual file of 1 MiB has 300,000. */
  tokens: 500_000,
  aliases: 1000,
  /** The maximum number of values that aliases may add to those in the file. */
  aliasedValues: 100_000,
  /** The maximum depth of a document, both as written and with its aliases resolved. */
  depth: 64,
} as const;
