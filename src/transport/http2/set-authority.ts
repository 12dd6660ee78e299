import type { OutgoingHttpHeaders } from "node:http2";

/**
 * Sets `:authority`, which HTTP/2 has in place of the field `host`: to that field, or else to `server`, the host and port of the URL.
 * Without it, Node.js would send the address of an IPv6 server without its brackets. Changes `fields` in place, because a copy costs
 * 5 % of a gRPC call.
 */
export function setAuthority(fields: OutgoingHttpHeaders, server: string): void {
  const { host } = fields;
  if (host !== undefined) {
    delete fields["host"];
  }
  fields[":authority"] = host ?? server;
}
