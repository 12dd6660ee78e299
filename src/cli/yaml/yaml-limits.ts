/** The limits of a file. Files that people write stay far below them, and no file within them takes longer than seconds. */
export const yamlLimits = {
  /** The most tokens (words, signs and breaks) of the yaml lexer. A file of 1 MiB that people write has 300,000. */
  tokens: 500_000,
  aliases: 1000,
  /** The most values that aliases may add to those written in the file. */
  aliasedValues: 100_000,
  /** The most levels that a document may have, both as written and after its aliases are resolved. */
  depth: 64,
} as const;
