const start = performance.now();

/** What a reader of the tables has to know about how they came to be, and of what it is true. */
const warnings = new Map();

/** Tells on standard error what goes on, with the seconds since the start. */
export function say(what) {
  process.stderr.write(`${secondsSinceStart().toFixed(0).padStart(4)} s  ${what}\n`);
}

export function warnOf(what, whom) {
  say(`${what}: ${whom}`);
  warnings.set(what, [...(warnings.get(what) ?? []), whom]);
}

/** All warnings, one sentence each. */
export function warningTexts() {
  return [...warnings].map(([what, whom]) => `${what}: ${whom.join(", ")}.`);
}

export function secondsSinceStart() {
  return (performance.now() - start) / 1000;
}
