import { isLegacyType } from "../providers/model/legacy-types.js";
import { quoteShellWord } from "../utils/quote-shell-word.js";
import type { CheckedProvider } from "./checked-provider.js";

/**
 * Describes how to give a field of a provider another value: by a command, or in the file for a provider that does not exist yet.
 */
export function describeUpdate(
  { owner, type, id }: Pick<CheckedProvider, "owner" | "type" | "id">,
  field: string,
  value: string | boolean | readonly string[],
): string {
  if (id === undefined) {
    return `set ${field} to ${JSON.stringify(value)} in the file`;
  }
  if (isLegacyType(type)) {
    return `set ${field} to ${JSON.stringify(value)} in the console: legacy IDPs cannot be updated here`;
  }
  const place =
    owner.owner === "instance"
      ? ["--instance"]
      : owner.orgId === undefined
        ? []
        : ["--org", owner.orgId];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const settings = values.flatMap((each) => ["--set", `${field}=${String(each)}`]);
  return ["zitadel-idp", "update", id, ...settings, ...place].map(quoteShellWord).join(" ");
}
