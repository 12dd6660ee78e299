import { unbracketHost } from "../../../utils/unbracket-host.js";

/** One server of an LDAP provider. */
export interface LdapServer {
  /** The URL with a port. */
  readonly url: URL;
  /** The host name without the brackets of IPv6. */
  readonly hostname: string;
  readonly port: number;
  /** The protection of the connection: TLS from the start, TLS after StartTLS, or none. */
  readonly security: "tls" | "start-tls" | "none";
  /** True if the URL of the provider has a port. */
  readonly hasPort: boolean;
}

const defaultPorts: Readonly<Record<string, number>> = { "ldap:": 389, "ldaps:": 636 };

/**
 * Parses the URL of an LDAP server. StartTLS applies to `ldap:` only, as in ZITADEL. Returns undefined for other URLs, such as `ldapi:`.
 */
export function parseLdapServer(text: string, startTls: boolean): LdapServer | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const defaultPort = defaultPorts[url?.protocol ?? ""];
  if (url === undefined || defaultPort === undefined || url.hostname === "") {
    return undefined;
  }
  const hasPort = url.port !== "";
  const port = hasPort ? Number(url.port) : defaultPort;
  return {
    url: new URL(`${url.protocol}//${url.hostname}:${port}`),
    hostname: unbracketHost(url.hostname),
    port,
    security: findSecurity(url, startTls),
    hasPort,
  };
}

function findSecurity({ protocol }: URL, startTls: boolean): LdapServer["security"] {
  if (protocol === "ldaps:") {
    return "tls";
  }
  return startTls ? "start-tls" : "none";
}
