/** Returns the parts of declaration files, by path, that users can reach from the entries. */
export function keepUsedDeclarations(
  texts: Readonly<Record<string, string>>,
  entries: readonly string[],
): Record<string, string>;
