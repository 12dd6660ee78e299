import type { HeaderFields } from "../transport/run-attempt.js";

/** Sets header fields in the `Headers` of a request of Connect, for interceptors that use the rules of the client's policy. */
export function setHeaders(header: Headers, fields: Readonly<HeaderFields>): void {
  for (const [name, value] of Object.entries(fields)) {
    header.set(name, value);
  }
}
