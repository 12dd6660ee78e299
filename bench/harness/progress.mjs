const start = performance.now();

/** The warnings that a reader of the tables must know: their texts, and the clients that they are about. */
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
export function warningTexts() {
  return [...warnings].map(([text, clients]) => `${text}: ${clients.join(", ")}.`);
}

export function secondsSinceStart() {
  return (performance.now() - start) / 1000;
}
