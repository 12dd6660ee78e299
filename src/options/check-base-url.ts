import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { parseUrl } from "../utils/parse-url.js";
import { throwInvalidOption } from "../utils/option-error.js";

/** Checks the address of the instance. Throws a TypeError for anything else than its own `http:` or `https:` URL. */
export function checkBaseUrl(value: string | URL): URL {
  const example = 'e.g. "https://acme.zitadel.cloud"';
  const url = parseUrl(String(value));
  if (url === undefined) {
    throwInvalidOption("baseUrl", `must be an absolute URL, ${example}`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    const hint = url.protocol.includes("unix")
      ? "; for a Unix socket, keep the http:// URL and pass a fetch that connects to it"
      : "";
    throwInvalidOption("baseUrl", `must begin with https:// or http://, ${example}${hint}`);
  }
  if (url.username || url.password) {
    throwInvalidOption(
      "baseUrl",
      optionText`must not contain a user name or password${phrase.adviseTokenAsAuth}`,
    );
  }
  if (url.search || url.hash) {
    throwInvalidOption("baseUrl", "must not contain a query or a fragment");
  }
  if (/^\/(management|admin)\/v1\b/.test(url.pathname)) {
    throwInvalidOption(
      "baseUrl",
      "must be the instance's own address, without /management/v1 or /admin/v1; the client adds it",
    );
  }
  return url;
}
