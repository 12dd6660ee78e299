import { guid } from "../../../utils/guid.js";
import { checkPlaceholder } from "./placeholder.js";

/** The rule for the tenant of an Entra ID provider, as errors state it. */
export const tenantRule =
  "must be common, organizations, consumers, or the id or domain of a directory";

const names = ["common", "organizations", "consumers"] as const;

/** Returns the name that a text resembles: in another case, in British spelling, in the singular, or with blanks around it. */
function findSimilarName(text: string): string | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/isation/, "ization")
    .replace(/s$/, "");
  return names.find((name) => name.replace(/s$/, "") === plain);
}

const domain = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*\.)+[\p{L}\p{N}-]*[\p{L}\p{N}]$/u;

/**
 * Returns the problem of the tenant of an Entra ID provider. ZITADEL puts the tenant into the URL of Microsoft's login page.
 */
export function checkTenant(text: string): string | undefined {
  if ((names as readonly string[]).includes(text) || guid.test(text) || domain.test(text)) {
    return undefined;
  }
  return checkPlaceholder(text) ?? explainInvalidTenant(text);
}

function explainInvalidTenant(text: string): string {
  const near = findSimilarName(text);
  if (near !== undefined) {
    return `did you mean ${near}? Write it in lower case, without spaces`;
  }
  if (text === "") {
    return `${tenantRule}; leave it out for common`;
  }
  return text.includes("/") ? `${tenantRule}, not a URL` : tenantRule;
}
