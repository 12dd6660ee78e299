const start = performance.now();

/** The clients of each warning, by the text of the warning. */
const warnings = new Map();

/** Writes a line to standard error, with the seconds since the start. */
export function logProgress(text) {
  process.stderr.write(`${secondsSinceStart().toFixed(0).padStart(4)} s  ${text}\n`);
}

/** Adds a warning about one client to the report. Warnings with the same text become one sentence. */
export function addWarning(text, client) {
  logProgress(`${text}: ${client}`);
  warnings.set(text, [...(warnings.get(text) ?? []), client]);
}

/** Returns all warnings, one sentence each. */
export function listWarnings() {
  return [...warnings].map(([text, clients]) => `${text}: ${clients.join(", ")}.`);
}

/** Returns the seconds since the start of the benchmark. */
export function secondsSinceStart() {
  return (performance.now() - start) / 1000;
}
