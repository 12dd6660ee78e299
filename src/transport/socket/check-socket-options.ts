import { throwInvalidOption } from "../../utils/option-error.js";
import { advice } from "../../zitadel/advice-phrases.js";
import { phrase } from "../../zitadel/option-phrases.js";
import { optionText } from "../../utils/option-text.js";
import { checkTls } from "./check-tls.js";
import { findProxy } from "./find-proxy.js";
import type { SocketOptions } from "./socket-options.js";

/**
 * Checks the options for sockets to `baseUrl`, and the environment variables for a proxy if the URL is known. Throws a TypeError that
 * names the invalid option or variable. `allowInsecureAuth` is true for a transport alone, whose caller adds the token.
 */
export function checkSocketOptions(
  baseUrl: string | URL | undefined,
  { proxy, tls }: SocketOptions,
  allowInsecureAuth = true,
): void {
  if (baseUrl !== undefined || proxy !== undefined) {
    findProxy(baseUrl ?? "", proxy);
  }
  if (tls !== undefined) {
    checkTls(tls);
    if (tls.rejectUnauthorized === false && !allowInsecureAuth) {
      throwInvalidOption(
        "tls.rejectUnauthorized",
        optionText`false allows anyone on the network path to read the token; pass the certificate of the server's authority as ${advice.tlsCa}, or ${phrase.allowInsecureAuth}`,
      );
    }
  }
}
