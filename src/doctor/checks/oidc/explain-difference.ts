import { parseUrl } from "../../../utils/parse-url.js";
import { withoutTrailingSlashes } from "../../../utils/without-trailing-slashes.js";

/** The likely differences between two issuers, each with a function that removes the difference. */
const differences: readonly (readonly [name: string, remove: (issuer: string) => string])[] = [
  ["a slash at the end", withoutTrailingSlashes],
  ["white space", (issuer) => issuer.trim()],
  [
    "http: instead of https:",
    (issuer) => (issuer.startsWith("http:") ? `https:${issuer.slice(5)}` : issuer),
  ],
  ["upper and lower case", (issuer) => issuer.toLowerCase()],
  ["a port", (issuer) => applyChange(issuer, (url) => (url.port = ""))],
  ["the host", (issuer) => applyChange(issuer, (url) => (url.host = "host"))],
  ["the path", (issuer) => applyChange(issuer, (url) => (url.pathname = "/"))],
];

/**
 * Describes the difference between two issuers, e.g. `a slash at the end`. Returns undefined if they differ in several parts.
 */
export function explainDifference(a: string, b: string): string | undefined {
  return differences.find(([, remove]) => remove(a) === remove(b))?.[0];
}

function applyChange(issuer: string, change: (url: URL) => unknown): string {
  const url = parseUrl(issuer);
  if (url === undefined) {
    return issuer;
  }
  change(url);
  return url.href;
}
