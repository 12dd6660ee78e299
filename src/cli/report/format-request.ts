import type { LoggedRequest } from "../../emulator/index.js";

/** A function that formats one request of the emulator. */
type RequestFormatter = (request: LoggedRequest) => string;

/** Formats a request as one JSON object. */
export const formatRequestJson: RequestFormatter = (request) =>
  JSON.stringify({ event: "request", ...request });

/** Creates a formatter for people, which returns one line with time, protocol, RPC, outcome and duration. */
export function createRequestFormatter(isColoured: boolean): RequestFormatter {
  const paint = (code: number, text: string): string =>
    isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
  return (request) => {
    const { at, protocol, service, rpc, httpMethod, path, status, code, errorId, ms, fault } =
      request;
    const subject =
      rpc === undefined
        ? `${httpMethod} ${escapePath(path)}`
        : `${service?.includes(".admin.") ? "admin" : "management"} ${rpc}`;
    const isFailure = code !== undefined || status === undefined || status >= 400;
    const outcome = code ?? (status === undefined ? "broken" : rpc === undefined ? status : "ok");
    return [
      paint(2, at.toTimeString().slice(0, 8) + at.toISOString().slice(19, 23)),
      protocol.padEnd(8),
      subject.padEnd(40),
      paint(isFailure ? 31 : 32, String(outcome)),
      ...(errorId === undefined ? [] : [errorId]),
      ...(fault === undefined ? [] : [paint(33, `fault: ${fault}`)]),
      paint(2, `${ms} ms`),
    ].join(" ");
  };
}

/** Escapes the characters of a path that could control the terminal. */
function escapePath(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => encodeURIComponent(char));
}
