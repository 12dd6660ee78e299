import { reportIf } from "./report-if.js";
import type { FieldValues } from "../providers/model/field-specs.js";
import { isLoopback } from "../utils/is-loopback.js";
import { parseUrl } from "../utils/parse-url.js";
import { trim } from "../utils/trim.js";
import type { ProblemPath } from "../providers/provider-error.js";
import { type LintRule, readText, readTexts, type RuleFinding } from "./lint-rule.js";

/** The fields with a URL that ZITADEL or the browser opens. The issuer of a JWT may be any text. */
const urlFields = [
  "issuer",
  "authorizationEndpoint",
  "tokenEndpoint",
  "userEndpoint",
  "jwtEndpoint",
  "keysEndpoint",
  "metadataUrl",
] as const;

/** Checks the scheme and the host of URLs. */
export const lintUrls: LintRule = ({ type, values }) => [
  ...urlFields
    .filter((name) => !(type === "jwt" && name === "issuer"))
    .flatMap((name) => lintUrl(readText(values, name), [name])),
  ...lintJwtUrls(type, values),
  ...readTexts(values, "servers").flatMap((server, index) => lintUrl(server, ["servers", index])),
];

/** Checks that the endpoints of a JWT provider are two different URLs. The checks of values accept a single word as a stand-in. */
function lintJwtUrls(type: string, values: FieldValues): RuleFinding[] {
  const endpoints = type === "jwt" ? (["jwtEndpoint", "keysEndpoint"] as const) : [];
  const [jwtEndpoint, keysEndpoint] = endpoints.map((name) => trim(readText(values, name)));
  return [
    ...endpoints.flatMap((name) => {
      const text = trim(readText(values, name));
      return reportIf(text !== "" && parseUrl(text) === undefined, {
        severity: "broken",
        check: "jwt/endpoint-invalid",
        path: [name],
        message: `${name} is not a URL, so nobody can sign in`,
        fix: `set ${name} to a URL that begins with https://`,
        change: { field: name },
      });
    }),
    ...reportIf(jwtEndpoint !== undefined && jwtEndpoint !== "" && jwtEndpoint === keysEndpoint, {
      severity: "broken",
      check: "jwt/same-endpoints",
      path: ["jwtEndpoint"],
      message:
        "jwtEndpoint and keysEndpoint are the same URL: the first must be a page for users, the second a key set",
      fix: "correct one of them",
    }),
  ];
}

function lintUrl(text: string, path: ProblemPath): RuleFinding[] {
  const url = parseUrl(trim(text));
  if (url === undefined) {
    return [];
  }
  const { hostname, pathname, port, protocol } = url;
  return [
    ...(protocol === "http:" ? [reportPlainHttp(isLoopback(hostname), path)] : []),
    ...reportIf(`${protocol}${port}` === "https:80" || `${protocol}${port}` === "http:443", {
      severity: "risk",
      check: "url/port-mismatch",
      path,
      message: `port ${port} is the standard port of ${protocol === "https:" ? "http" : "https"}://`,
      fix: "leave the port out, or write the other scheme",
    }),
    ...reportIf(
      isDiscoveryDocument(pathname) && path[0] !== "issuer" && path[0] !== "metadataUrl",
      {
        severity: "broken",
        check: "url/discovery-document",
        path,
        message: "the URL is that of a discovery document, which names the endpoints",
        fix: `open the URL, and copy the endpoint for ${path[0]} from the document`,
        change: { field: String(path[0]) },
      },
    ),
    ...reportIf(/(?:^|\.)example\.(?:com|net|org)$/.test(hostname), {
      severity: "risk",
      check: "url/example-host",
      path,
      message: "the host belongs to documentation and runs no identity provider",
      fix: "replace the URL with that of the provider",
    }),
  ];
}

function isDiscoveryDocument(pathname: string): boolean {
  return /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\/?$/.test(pathname);
}

function reportPlainHttp(isLocal: boolean, path: ProblemPath): RuleFinding {
  const common = { check: "url/plain-http", path, fix: "use https://" } as const;
  return isLocal
    ? {
        ...common,
        severity: "note",
        message: "the URL begins with http://, which is safe only on the same machine",
      }
    : {
        ...common,
        severity: "risk",
        message:
          "the URL begins with http://, so anyone on the network path can read and change what is sent",
      };
}
