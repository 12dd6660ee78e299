const start = performance.now();

/** The conditions of the measurement that a reader of the tables must know. */
const warnings = new Map();

/** Reports progress on standard error, with the seconds since the start. */
export function say(what) {
  process.stderr.write(`${secondsSinceStart().toFixed(0).padStart(4)} s  ${what}\n`);
}

export function warnOf(what, whom) {
  say(`${what}: ${whom}`);
  warnings.set(what, [...(warnings.get(what) ?? []), whom]);
}

/** Returns all warnings, one sentence each. */
export function warningTexts() {
  return [...warnings].map(([what, whom]) => `${what}: ${whom.join(", ")}.`);
}

export function secondsSinceStart() {
  return (performance.now() - start) / 1000;
}
