import type { LintCheck } from "../../lint/lint-checks.js";
import type { Finding } from "../../lint/finding.js";
import { type Owner } from "../../providers/plan/owner.js";
import { isProviderType } from "../../providers/model/field-specs.js";
import { formatPath } from "../../providers/provider-error.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import type { FileProblem } from "../errors/file-error.js";

/** Converts a reference to a missing secret into a finding: the secret was not checked. */
export function toAbsentSecretFinding(
  { file, line, column, path = [] }: FileProblem,
  desired: unknown,
): Finding & Pick<FileProblem, "file" | "line" | "column"> {
  const depth = path[0] === "organizations" ? 4 : 3;
  const entry = path.slice(0, depth).reduce<unknown>(readMember, desired);
  const { type, name = "", id } = isPlainObject(entry) ? entry : {};
  return {
    severity: "unchecked",
    check: "reference/not-resolved" satisfies LintCheck,
    owner: readOwner(path),
    provider: {
      type: isProviderType(type) ? type : "unknown",
      name: String(name),
      ...(typeof id === "string" && { id }),
    },
    field: formatPath(path.slice(depth)),
    message: "the variable or file of this secret is missing, so the secret is not checked",
    fix: "run validate without --allow-missing-secrets where the secret is set",
    file,
    line,
    column,
  };
}

function readMember(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string | number, unknown>>)[step]
    : undefined;
}

function readOwner([first, id]: NonNullable<FileProblem["path"]>): Owner {
  return first === "instance"
    ? { owner: "instance" }
    : { owner: "org", ...(first === "organizations" && { orgId: String(id) }) };
}
