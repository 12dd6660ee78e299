/** The length of the beginnings by which secrets are found in a text, in characters. */
const keyLengths = [8, 4, 2, 1] as const;

/** A list of secrets, prepared for the search in many texts. */
export interface SecretIndex {
  /** Returns true if `text` is one of the secrets. */
  has(text: string): boolean;
  /** Returns the secrets whose beginning is in `text`: only those can be in it. */
  candidates(text: string): string[];
}

/** One index for each list, because an error has many texts. */
const indexes = new WeakMap<readonly string[], SecretIndex>();

/** Returns the index of a list of secrets. The list must not change afterwards. */
export function indexOfSecrets(secrets: readonly string[]): SecretIndex {
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
    candidates(text) {
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
