import { checkPlaceholder } from "./placeholder.js";

const names = ["common", "organizations", "consumers"] as const;

/** Returns the name that a text resembles: other case, British spelling, singular, or blanks around the name. */
function findSimilarName(text: string): string | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/isation/, "ization")
    .replace(/s$/, "");
  return names.find((name) => name.replace(/s$/, "") === plain);
}

/** The form of the id of a directory: a GUID. */
export const directoryId: RegExp = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const domain = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*\.)+[\p{L}\p{N}-]*[\p{L}\p{N}]$/u;

/**
 * Returns the problem of the tenant of an Entra ID provider. ZITADEL puts the tenant into the URL of Microsoft's login page.
 */
export function checkTenant(text: string): string | undefined {
  if ((names as readonly string[]).includes(text) || directoryId.test(text) || domain.test(text)) {
    return undefined;
  }
  const near = findSimilarName(text);
  const help = "must be common, organizations, consumers, or the id or domain of a directory";
  return (
    checkPlaceholder(text) ??
    (near !== undefined
      ? `did you mean ${near}? Write it in lower case, without blanks`
      : text === ""
        ? `${help}; leave it out for common`
        : text.includes("/")
          ? `${help}, not a URL`
          : help)
  );
}
