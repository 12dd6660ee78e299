/** A trailer: its lower-case name, and its value. */
export type Trailer = readonly [name: string, value: string];

/**
 * Parses the last frame of a gRPC-web response, which has one trailer per line. As in headers, each character is one byte. Converts
 * bytes that a header may not have to blanks, and skips lines that are not trailers, so that the status in another line still counts.
 */
export function parseTrailers(data: Uint8Array): Trailer[] {
  let text = "";
  for (const byte of data) {
    text += String.fromCharCode(byte);
  }
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:(.*)$/s.exec(line) ?? [];
    return name === undefined || value === undefined
      ? []
      : [[name.toLowerCase(), value.replace(/[\0\r]/g, " ").trim()] as const];
  });
}

/** Returns true for the trailers of a success: the status 0 once, and no details of an error. */
export function trailersReportSuccess(trailers: readonly Trailer[]): boolean {
  const statuses = trailers.filter(([name]) => name === "grpc-status");
  return (
    statuses.length === 1 &&
    statuses[0]?.[1] === "0" &&
    trailers.every(([name]) => name !== "grpc-status-details-bin")
  );
}

/** Converts trailers to `Headers`. */
export function toTrailerHeaders(trailers: readonly Trailer[]): Headers {
  const headers = new Headers();
  for (const [name, value] of trailers) {
    headers.append(name, value);
  }
  return headers;
}
