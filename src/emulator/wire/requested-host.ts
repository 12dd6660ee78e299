import { Code, ConnectError } from "@connectrpc/connect";
import type { EmulatorState } from "../store/emulator-state.js";
import {
  findFirstHeader,
  type HeaderList,
  type WireRequest,
  type WireResponse,
} from "./http-message.js";
import { createPlainTextResponse } from "./plain-text-response.js";

/** Returns the host and port that a request is for. The headers of a proxy take precedence over the authority. */
function readRequestedHost(authority: string, headers: HeaderList): string {
  const [, forwarded] =
    /\bhost="?([^;,"]+)/i.exec(findFirstHeader(headers, "forwarded") ?? "") ?? [];
  return (
    findFirstHeader(headers, "x-zitadel-instance-host") ??
    forwarded ??
    findFirstHeader(headers, "x-forwarded-host") ??
    authority
  );
}

/** Throws the server's error if the requested host is not the domain of the instance. */
export function checkRequestedHost(
  { domain }: EmulatorState,
  authority: string,
  headers: HeaderList,
): void {
  const host = readRequestedHost(authority, headers);
  if (host.replace(/:\d+$/, "") !== domain) {
    throw createInstanceError(
      { domain, authority, headers },
      Code.NotFound,
      "ID=QUERY-1kIjX Message=Instance not found. Make sure you got the domain right. " +
        "Check out https://zitadel.com/docs/apis/introduction#domains",
    );
  }
}

/** Creates the server's error for a request whose instance it cannot find, or cannot read. */
export function createInstanceError(
  { domain, authority, headers }: { domain: string; authority: string; headers: HeaderList },
  code: Code,
  cause: string,
): ConnectError {
  const host = readRequestedHost(authority, headers);
  return new ConnectError(
    `unable to set instance using origin &{${host}  http} (ExternalDomain is ${domain}): ${cause}`,
    code,
  );
}

/** Returns the response for an unknown host at an endpoint beside the RPCs, or `undefined` for the domain of the instance. */
export function rejectUnknownHost(
  state: EmulatorState,
  { authority, headers }: WireRequest,
): WireResponse | undefined {
  try {
    checkRequestedHost(state, authority, headers);
    return undefined;
  } catch (reason) {
    return createPlainTextResponse(404, ConnectError.from(reason).rawMessage);
  }
}

/** Returns the origin that the client used. It is the issuer, and the audience that assertions must name. */
export function readRequestedOrigin({ authority, headers, secure = false }: WireRequest): string {
  const scheme = findFirstHeader(headers, "x-forwarded-proto") ?? (secure ? "https" : "http");
  const host = readRequestedHost(authority, headers);
  return `${scheme}://${host.replace(scheme === "https" ? /:443$/ : /:80$/, "")}`;
}
