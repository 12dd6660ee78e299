import { Code, ConnectError } from "@connectrpc/connect";
import type { State } from "./state.js";
import { first, type HeaderList, type WireRequest } from "./wire/exchange.js";

/** The host, with its port, that a request is for: proxies may name another than they connect to. */
function requestedHost(authority: string, headers: HeaderList): string {
  const [, forwarded] = /\bhost="?([^;,"]+)/i.exec(first(headers, "forwarded") ?? "") ?? [];
  return (
    first(headers, "x-zitadel-instance-host") ??
    forwarded ??
    first(headers, "x-forwarded-host") ??
    authority
  );
}

/** Refuses a request for a host that no instance has. */
export function checkInstance({ domain }: State, authority: string, headers: HeaderList): void {
  const host = requestedHost(authority, headers);
  if (host.replace(/:\d+$/, "") !== domain) {
    throw new ConnectError(
      `unable to set instance using origin &{${host}  http} (ExternalDomain is ${domain}): ID=QUERY-1kIjX ` +
        "Message=Instance not found. Make sure you got the domain right. " +
        "Check out https://zitadel.com/docs/apis/introduction#domains",
      Code.NotFound,
    );
  }
}

/** The origin that the client used: the issuer, and what assertions must name as their audience. */
export function originOf({ authority, headers, secure = false }: WireRequest): string {
  const scheme = first(headers, "x-forwarded-proto") ?? (secure ? "https" : "http");
  const host = requestedHost(authority, headers);
  return `${scheme}://${host.replace(scheme === "https" ? /:443$/ : /:80$/, "")}`;
}
