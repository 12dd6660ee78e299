import { findingIf } from "./finding-if.js";
import { isLoopback } from "../utils/loopback.js";
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
  ...readTexts(values, "servers").flatMap((server, index) => lintUrl(server, ["servers", index])),
];

function lintUrl(text: string, path: ProblemPath): RuleFinding[] {
  const url = parseUrl(trim(text));
  if (url === undefined) {
    return [];
  }
  const { hostname, protocol } = url;
  return [
    ...(protocol === "http:" ? [reportPlainHttp(isLoopback(hostname), path)] : []),
    ...findingIf(/(?:^|\.)example\.(?:com|net|org)$/.test(hostname), {
      severity: "risk",
      check: "url/example-host",
      path,
      message: "the host belongs to documentation and runs no identity provider",
      fix: "replace the URL with that of the provider",
    }),
  ];
}

function reportPlainHttp(isLocal: boolean, path: ProblemPath): RuleFinding {
  const common = { check: "url/plain-http", path, fix: "use https://" } as const;
  return isLocal
    ? {
        ...common,
        severity: "note",
        message: "the URL begins with http://, which is safe on one machine only",
      }
    : {
        ...common,
        severity: "risk",
        message:
          "the URL begins with http://, so everyone on the way can read and change what is sent",
      };
}
