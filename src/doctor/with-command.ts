import type { Finding } from "../lint/finding.js";
import { fieldsOfType, isProviderType } from "../providers/model/field-specs.js";
import { quoteShellWord } from "../utils/quote-shell-word.js";
import type { CheckedProvider } from "./checked-provider.js";
import { describeUpdate } from "./describe-update.js";

/** The texts of values in remedies, such as `set options.autoLinking: unspecified` or `turn isAutoUpdate off`. */
const statedValue = /\bset ([\w.]+): ([\w-]+)(?=[\s,.;]|$)/;

/**
 * Returns a finding whose remedy ends with the command that changes the field, if the remedy changes a field of a provider that exists and
 * has no command yet. A value that the doctor cannot know is written as `…`, and a file as `FILE`.
 */
export function withCommand<T extends Pick<Finding, "field" | "fix" | "severity">>(
  finding: T,
  provider: Pick<CheckedProvider, "owner" | "type" | "id">,
): T {
  const command = findCommand(finding, provider);
  return command === undefined ? finding : { ...finding, fix: `${finding.fix}: ${command}` };
}

function findCommand(
  { field = "", fix, severity }: Pick<Finding, "field" | "fix" | "severity">,
  { owner, type, id }: Pick<CheckedProvider, "owner" | "type" | "id">,
): string | undefined {
  const [, stated, value] = statedValue.exec(fix) ?? [];
  const target = stated ?? field.replace(/\[\d+\].*$/, "");
  const [name = ""] = target.split(".");
  const spec = isProviderType(type) ? fieldsOfType(type)[name] : undefined;
  const changesField = fix.includes(name) || /^(?:copy|exchange)\b/.test(fix);
  if (
    id === undefined ||
    spec === undefined ||
    severity === "note" ||
    severity === "unchecked" ||
    !changesField ||
    fix.includes("zitadel-idp ")
  ) {
    return undefined;
  }
  const subject = { owner, type, id };
  if (spec.kind === "bytes" || spec.secret) {
    const flag =
      spec.kind === "text" ? "--secret-env" : spec.secret ? "--secret-file" : "--set-file";
    const source = spec.kind === "text" ? "VARIABLE" : "FILE";
    return describeUpdate(subject, target, source).replace(
      `--set ${quoteShellWord(`${target}=${source}`)}`,
      `${flag} ${target}=${source}`,
    );
  }
  return describeUpdate(subject, target, value ?? "…");
}
