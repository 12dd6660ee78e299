import { Code, ConnectError } from "@connectrpc/connect";
import type { State } from "./state.js";
import { first, type HeaderList, type WireRequest } from "./wire/exchange.js";

/** Returns the host and port that a request is for. The headers of a proxy take precedence over the authority. */
function requestedHost(authority: string, headers: HeaderList): string {
  const [, forwarded] = /\bhost="?([^;,"]+)/i.exec(first(headers, "forwarded") ?? "") ?? [];
  return (
    first(headers, "x-zitadel-instance-host") ??
    forwarded ??
    first(headers, "x-forwarded-host") ??
    authority
  );
}

/** Throws the server's error if the requested host is not the domain of the instance. */
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

/** Returns the origin that the client used: the issuer, and the audience that assertions must name. */
export function originOf({ authority, headers, secure = false }: WireRequest): string {
  const scheme = first(headers, "x-forwarded-proto") ?? (secure ? "https" : "http");
  const host = requestedHost(authority, headers);
  return `${scheme}://${host.replace(scheme === "https" ? /:443$/ : /:80$/, "")}`;
}
