import { instanceHostHeader } from "../../utils/instance-host.js";
import type { HeaderFields } from "../run-attempt.js";

/** Returns header fields as `fetch` takes them: it would drop `host`, so the name of the instance moves to ZITADEL's own header. */
export function toFetchHeaders({ host, ...headers }: Readonly<HeaderFields>): HeaderFields {
  return host === undefined ? headers : { [instanceHostHeader]: host, ...headers };
}
