import type { HeaderFields } from "../transport/run-attempt.js";
import { instanceHostHeader } from "../zitadel/instance-host.js";
import { createOrgIdHeaders } from "./org-id-header.js";

/** The options of a client that become headers of its calls. */
export interface ClientHeaderOptions {
  /** Headers for every call, by their lower-case names. */
  readonly headers: Readonly<HeaderFields>;
  /** The id of the organization that calls act on, sent as `x-zitadel-orgid`. */
  readonly orgId: string | undefined;
  /** The host name of the instance, if the base URL has another one. */
  readonly instanceHost?: string | undefined;
  /** True if the caller gave the transport of the client. */
  readonly isTransportOfCaller: boolean;
}

/**
 * Creates the headers that a client sends with each call that does not set them itself. The options `orgId` and `instanceHost` take
 * precedence over `headers`.
 *
 * The instance is named by `host`, the standard header. `fetch` drops it, so our transports replace it by `x-zitadel-instance-host`
 * before they call `fetch`. A transport of the caller may call `fetch` too, so it gets that header from the start.
 */
export function createClientHeaders({
  headers,
  orgId,
  instanceHost,
  isTransportOfCaller,
}: ClientHeaderOptions): Readonly<HeaderFields> {
  const hostHeader = isTransportOfCaller ? instanceHostHeader : "host";
  return {
    ...headers,
    ...createOrgIdHeaders(orgId),
    ...(instanceHost !== undefined && { [hostHeader]: instanceHost }),
  };
}
