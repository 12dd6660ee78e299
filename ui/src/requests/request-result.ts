import type { RequestEntry } from "../control/control-queries.js";

/** Formats the result of a request: "ok", the code of its error, its HTTP status, or "broken" for a broken connection. */
export function formatResult({ code, status, rpc }: RequestEntry): string {
  if (code !== undefined) {
    return code;
  }
  if (status === undefined) {
    return "broken";
  }
  return rpc === undefined ? String(status) : "ok";
}

/** Returns true if a request did not succeed. */
export function isFailed({ code, status }: RequestEntry): boolean {
  return code !== undefined || status === undefined || status >= 400;
}

/** Formats the name of a request: its RPC, or the method and the path. */
export function formatRequestName({ rpc, httpMethod, path }: RequestEntry): string {
  return rpc ?? `${httpMethod} ${path}`;
}

/** Formats the time of a request in this time zone, with milliseconds. */
export function formatRequestTime({ at }: RequestEntry): string {
  const time = new Date(at);
  return `${time.toTimeString().slice(0, 8)}${time.toISOString().slice(19, 23)}`;
}
