/** Texts that are, as a whole, placeholders for a missing value. */
const wholePlaceholders: readonly RegExp[] = [
  /^<[^<>]*>$/,
  /^\$\{[^{}]*\}$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^%[A-Z_][A-Z0-9_]*%$/,
  /^\{\{[^{}]*\}\}$/,
  /^(?:CHANGE[-_ ]?ME|REPLACE[-_ ]?ME|TODO|TBD|FIXME)$/,
  /^YOUR(?:[-_ ][A-Z0-9]+)+$/,
  /^your[-_ ]client[-_ ](?:id|secret)$/i,
  /^(?:undefined|null|NaN|\[object Object\])$/,
];

/** The unresolved references of shells and templates inside a text. */
const unresolved = /\$\{[A-Za-z_][\w.]*\}|\{\{[^{}]*\}\}/;

const message = "is still a placeholder: replace it with the real value";

/**
 * Returns the problem of a secret that is a placeholder. Only the whole text is compared, because secrets are random and may
 * contain anything.
 */
export function checkSecretPlaceholder(text: string): string | undefined {
  return wholePlaceholders.some((pattern) => pattern.test(text)) ? message : undefined;
}

/** Returns the problem of a text that is a placeholder or contains one. */
export function checkPlaceholder(text: string): string | undefined {
  return unresolved.test(text) ? message : checkSecretPlaceholder(text);
}
