import { checkHeaderName } from "../../../providers/model/checks/text-fields.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { quoteAnswer } from "../../quote-answer.js";

/**
 * The headers that cannot carry a token, because proxies and servers read or remove them (RFC 9110, 7.6.1), or because they have another
 * content.
 */
const reservedHeaders: ReadonlySet<string> = new Set([
  "accept",
  "connection",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "referer",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "via",
]);

/** The names of authentication schemes, which people confuse with the name of the header. */
const schemes: ReadonlySet<string> = new Set(["basic", "bearer", "dpop", "jwt"]);

/** Checks the name of the header in which a JWT provider gets the token. */
export async function checkJwtHeader(
  { fields }: CheckedProvider,
  { report }: CheckContext,
): Promise<void> {
  const problem = findNameProblem(String(fields["headerName"] ?? ""));
  if (problem !== undefined) {
    report({
      check: "jwt/header-name",
      field: "headerName",
      ...problem,
      fix: "set headerName to Authorization, or to a header of your own such as X-Auth-Token, and send the token in it",
      change: { field: "headerName" },
    });
  }
}

function findNameProblem(name: string): Pick<NewFinding, "severity" | "message"> | undefined {
  if (name === "") {
    // GetIDPByID of the AdminService does not return the header of a legacy IDP.
    return undefined;
  }
  const problem = checkHeaderName(name);
  if (problem !== undefined) {
    return {
      severity: "broken",
      message: `the header name ${quoteAnswer(name)} ${problem}; ZITADEL never gets a token in it`,
    };
  }
  if (reservedHeaders.has(name.toLowerCase())) {
    return {
      severity: "broken",
      message: `the header ${name} has a meaning of its own, and servers and proxies change or remove it, so ZITADEL never gets the token in it`,
    };
  }
  if (schemes.has(name.toLowerCase())) {
    return {
      severity: "risk",
      message: `${name} is the name of an authentication scheme; the header for it is Authorization`,
    };
  }
  return name.includes("_")
    ? {
        severity: "risk",
        message: `the header name ${name} has an underscore; nginx and other proxies remove such headers by default, so ZITADEL may never get the token`,
      }
    : undefined;
}
