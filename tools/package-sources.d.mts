/** Returns the absolute path of the source of each name that package.json declares, such as "zitadel-idp/otel" and "#runtime". */
export function listSourceAliases(): Record<string, string>;
