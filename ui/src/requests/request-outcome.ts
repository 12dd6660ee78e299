import type { RequestEntry } from "../control/control-queries.js";

/** Returns the outcome of a request in a word: the code of its error, its HTTP status, or that the connection broke. */
export function requestOutcome({ code, status, rpc }: RequestEntry): string {
  return code ?? (status === undefined ? "broken" : rpc === undefined ? String(status) : "ok");
}

/** Returns true if a request did not succeed. */
export function isFailed({ code, status }: RequestEntry): boolean {
  return code !== undefined || status === undefined || status >= 400;
}

/** Returns the name of a request: its RPC, or the method and the path. */
export function requestName({ rpc, httpMethod, path }: RequestEntry): string {
  return rpc ?? `${httpMethod} ${path}`;
}

/** Returns the time of a request in this time zone, with milliseconds. */
export function requestTime({ at }: RequestEntry): string {
  const time = new Date(at);
  return `${time.toTimeString().slice(0, 8)}${time.toISOString().slice(19, 23)}`;
}
