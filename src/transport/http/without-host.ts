import { instanceHostHeader } from "../../zitadel/instance-host.js";
import type { HeaderFields } from "../run-attempt.js";

/**
 * Moves the name of the instance from `host` to ZITADEL's own header, for senders that do not decide on `Host`: `fetch` drops the
 * header, and a forward proxy replaces it with the host of the URL (RFC 9112, section 3.2.2).
 */
export function withoutHost({ host, ...headers }: Readonly<HeaderFields>): HeaderFields {
  return host === undefined ? headers : { [instanceHostHeader]: host, ...headers };
}
