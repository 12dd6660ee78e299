import type { HeaderFields } from "../transport/run-attempt.js";
import { createOrgIdHeaders } from "./org-id-header.js";

/** The options of a client that become headers of its calls. */
export interface ClientHeaderOptions {
  /** Headers for every call, by their lower-case names. */
  readonly headers: Readonly<HeaderFields>;
  /** The id of the organization that calls act on, sent as `x-zitadel-orgid`. */
  readonly orgId: string | undefined;
  /** The host name of the instance, if the base URL has another one. */
  readonly instanceHost?: string | undefined;
}

/**
 * Creates the headers that a client sends with each call that does not set them itself. `orgId` and `instanceHost` take precedence over
 * `headers`. `hostHeader` is the header that names the instance.
 */
export function createClientHeaders(
  { headers, orgId, instanceHost }: ClientHeaderOptions,
  hostHeader: string,
): Readonly<HeaderFields> {
  const fields = { ...headers, ...createOrgIdHeaders(orgId) };
  if (instanceHost !== undefined) {
    fields[hostHeader] = instanceHost;
  }
  return fields;
}
