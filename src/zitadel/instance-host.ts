import { throwInvalidOption } from "../utils/option-error.js";
import { phrase } from "./option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { parseUrl } from "../utils/parse-url.js";

/**
 * The header that names the instance of a request to ZITADEL, in place of `Host`. `fetch` does not let a program set `Host`, so this
 * header is sent instead. ZITADEL reads it on all paths, and prefers it to `Host` and to the headers of proxies.
 */
export const instanceHostHeader = "x-zitadel-instance-host";

/**
 * Returns the host name of an instance as a request carries it: in lower case, in ASCII, with its port if that is not 443. Throws a
 * TypeError for anything else than a host with an optional port.
 */
export function readInstanceHost(value: unknown): string {
  const address = typeof value === "string" ? `https://${value}` : "";
  const { href, host } = parseUrl(address) ?? { href: "", host: "" };
  if (href !== `https://${host}/`) {
    throwInvalidOption(
      "instanceHost",
      optionText`must be a host name, with its port if it has one, e.g. "acme.example"; scheme and path belong in ${phrase.baseUrl}`,
    );
  }
  return host;
}
