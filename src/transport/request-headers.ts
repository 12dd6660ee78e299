import type { OutgoingHttpHeaders } from "node:http2";

/**
 * What our own interceptors use of `Headers`, straight on the object that `node:http2` takes. Filling a `Headers` with what
 * every call has, and reading it again, leaves a quarter as much garbage behind as all that Node.js does for the call.
 *
 * Nothing else ever sees one: where there is an interceptor of others, a call has `Headers`. What it leaves out is what ours
 * do not use, and names in other than small letters.
 */
export class RequestHeaders implements Pick<Headers, "get" | "has" | "set"> {
  /** What is sent. */
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

/** What `Headers` takes as it is: no line ends, and no blanks around it. */
const ordinary = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Anything else is for `Headers` to trim or to refuse. */
function checked(value: string): string {
  return new Headers([["value", value]]).get("value") ?? "";
}

/** What is sent of the headers of a request, to the RPC at `path`. */
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
