const causes: readonly (readonly [contentType: RegExp, cause: string])[] = [
  [
    /^text\/html/i,
    "a web page came back, so check that baseUrl is the address of the API, and what a proxy or login in between does",
  ],
  [
    /^application\/grpc/i,
    "that is gRPC: check that baseUrl does not lead to a server or port for gRPC only",
  ],
];

/** Describes a response that is not JSON, and its most likely cause. */
export function describeUnexpectedContent(status: number, contentType: string): string {
  const [type = ""] = contentType.split(";");
  const cause =
    causes.find(([pattern]) => pattern.test(contentType))?.[1] ??
    "check that baseUrl is the address of the API, and what a proxy in between does";
  return `the server answered HTTP ${status} with ${type.trim() || "no content type"} instead of JSON: ${cause}`;
}
