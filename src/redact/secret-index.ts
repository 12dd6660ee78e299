/** The lengths of the beginnings by which secrets are looked up, in characters. */
const keyLengths = [8, 4, 2, 1] as const;

/** An index over a list of secrets, for the search in many texts. */
interface SecretIndex {
  /** Returns true if `text` is one of the secrets. */
  has(text: string): boolean;
  /** Returns the secrets whose beginning occurs in `text`. No other secret can occur in it. */
  findCandidates(text: string): string[];
}

/** The index of each list. An error has many texts, which are all searched with the same list. */
const indexes = new WeakMap<readonly string[], SecretIndex>();

/** Returns the index of a list of secrets. The list must not change afterwards. */
export function getSecretIndex(secrets: readonly string[]): SecretIndex {
  const index = indexes.get(secrets) ?? createIndex(secrets);
  indexes.set(secrets, index);
  return index;
}

function createIndex(secrets: readonly string[]): SecretIndex {
  const all = new Set(secrets);
  const byKey = new Map<string, string[]>();
  const lengths = new Set<number>();
  for (const secret of all) {
    const length = keyLengths.find((each) => each <= secret.length);
    if (length !== undefined) {
      const key = secret.slice(0, length);
      const group = byKey.get(key) ?? [];
      group.push(secret);
      byKey.set(key, group);
      lengths.add(length);
    }
  }
  return {
    has: (text) => all.has(text),
    findCandidates(text) {
      const found = new Set<string[]>();
      for (const length of lengths) {
        for (let at = 0; at + length <= text.length; at++) {
          const group = byKey.get(text.slice(at, at + length));
          if (group !== undefined) {
            found.add(group);
          }
        }
      }
      return [...found].flat();
    },
  };
}
