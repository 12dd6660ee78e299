/** Texts that stand for a value that nobody has put in, as a whole. */
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

/** References of shells and templates that nobody has resolved, inside of a text. */
const unresolved = /\$\{[A-Za-z_][\w.]*\}|\{\{[^{}]*\}\}/;

const message = "is still a placeholder: give the value itself";

/** Returns what is wrong with a secret that is a placeholder. Secrets are random: only a whole one can be told. */
export function secretPlaceholder(text: string): string | undefined {
  return wholePlaceholders.some((pattern) => pattern.test(text)) ? message : undefined;
}

/** Returns what is wrong with a text that is a placeholder, or holds one. */
export function placeholder(text: string): string | undefined {
  return unresolved.test(text) ? message : secretPlaceholder(text);
}
