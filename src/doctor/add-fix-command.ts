import type { Finding } from "../lint/finding.js";
import type { FixChange } from "../lint/fixable-finding.js";
import { getTypeFields, isProviderType } from "../providers/model/field-specs.js";
import { quoteShellWord } from "../utils/quote-shell-word.js";
import { describeUpdate } from "./describe-update.js";

/**
 * Adds the command that makes `change` to the fix of a finding, if the finding is about an existing provider that can be updated. The
 * command has `…` for a value that only the user knows, and `FILE` for a file.
 */
export function addFixCommand(finding: Finding, change: FixChange | undefined): Finding {
  const command = change === undefined ? undefined : findCommand(finding, change);
  return command === undefined ? finding : { ...finding, fix: `${finding.fix}: ${command}` };
}

function findCommand(
  { owner, provider, severity }: Finding,
  { field, value = "…" }: FixChange,
): string | undefined {
  const { type, id } = provider ?? {};
  const [name = ""] = field.split(".");
  const spec = isProviderType(type) ? getTypeFields(type)[name] : undefined;
  if (
    type === undefined ||
    id === undefined ||
    spec === undefined ||
    severity === "note" ||
    severity === "unchecked"
  ) {
    return undefined;
  }
  const subject = { owner, type, id };
  if (spec.kind === "bytes" || spec.secret) {
    const flag =
      spec.kind === "text" ? "--secret-env" : spec.secret ? "--secret-file" : "--set-file";
    const source = spec.kind === "text" ? "VARIABLE" : "FILE";
    return describeUpdate(subject, field, source).replace(
      `--set ${quoteShellWord(`${field}=${source}`)}`,
      `${flag} ${field}=${source}`,
    );
  }
  return describeUpdate(subject, field, value);
}
