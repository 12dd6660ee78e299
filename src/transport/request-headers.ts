import type { OutgoingHttpHeaders } from "node:http2";

/**
 * Request headers with the methods of `Headers` that our own interceptors use, stored in the object that `node:http2` takes.
 * Filling and reading a real `Headers` object would create a quarter as much garbage as everything that Node.js does for the
 * call.
 *
 * No other code sees this class: with a foreign interceptor, a call has real `Headers`. The class supports lower-case names only.
 */
export class RequestHeaders implements Pick<Headers, "get" | "has" | "set"> {
  /** The header fields to send. */
  readonly fields: OutgoingHttpHeaders;

  constructor(fields: OutgoingHttpHeaders) {
    this.fields = fields;
  }

  get(name: string): string | null {
    return this.has(name) ? String(this.fields[name]) : null;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  set(name: string, value: string): void {
    this.fields[name] = ordinary.test(value) ? value : checked(value);
  }
}

/** The values that `Headers` would not change: without line breaks, and without blanks around them. */
const ordinary = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Lets `Headers` trim or reject any other value. */
function checked(value: string): string {
  return new Headers([["value", value]]).get("value") ?? "";
}

/** Returns the header fields of a request to the RPC at `path`. */
export function fieldsOf(header: Headers, path: string): OutgoingHttpHeaders {
  const sent: unknown = header;
  if (sent instanceof RequestHeaders) {
    sent.fields[":method"] = "POST";
    sent.fields[":path"] = path;
    return sent.fields;
  }
  const fields: OutgoingHttpHeaders = { ":method": "POST", ":path": path };
  header.forEach((value, name) => {
    fields[name] = value;
  });
  return fields;
}
