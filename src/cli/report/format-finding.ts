import { describeOwner, describeProvider } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";
import { displayPath } from "../secrets/display-path.js";
import type { FileFinding } from "../validate-file.js";

/** Formats a finding for people: its place and message, and its fix on a second line. */
export function formatFinding(label: string, finding: FileFinding): string {
  const { file, line, column, check, fix } = finding;
  const place = `${printable(displayPath(file))}:${line}:${column}`;
  return `${label}: ${place}: ${describeFinding(finding)} (${check})\n  fix: ${fix}`;
}

/** Returns the message of a finding after the provider or the owner, and the field. */
export function describeFinding({ provider, owner, field, message }: FileFinding): string {
  const label =
    provider === undefined ? describeOwner(owner) : describeProvider(provider.type, provider.name);
  return `${label}: ${field === undefined ? "" : `${field}: `}${message}`;
}
