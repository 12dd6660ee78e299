import { orgIdHeader } from "../policy/org-id-header.js";
import { instanceHostHeader } from "../zitadel/instance-host.js";
import { readHeaders } from "../utils/read-headers.js";
import { throwInvalidOption } from "../utils/option-error.js";

/**
 * Checks the headers for every call, and returns them by their lower-case names. Creates no `Headers` if there are none, because Node.js
 * loads its whole `fetch` with the first `Headers`.
 */
export function checkHeaders(
  init: HeadersInit | undefined,
  hasInstanceHost: boolean,
): Readonly<Record<string, string>> {
  if (init === undefined) {
    return {};
  }
  const headers = readHeaders(init);
  const conflicts = {
    authorization: "auth",
    [orgIdHeader]: "orgId",
    ...(hasInstanceHost && { host: "instanceHost", [instanceHostHeader]: "instanceHost" }),
  };
  for (const [name, option] of Object.entries(conflicts)) {
    if (headers.has(name)) {
      throwInvalidOption("headers", `must not contain ${name}; use the option ${option}`);
    }
  }
  return Object.fromEntries(headers);
}
