import { printable } from "../../utils/printable.js";
import { getPartValue } from "../../whoami/report-part.js";
import type { WhoamiReport } from "../../whoami/whoami.js";
import { formatMissing } from "./format-missing.js";
import { formatTable } from "./format-table.js";
import { listAccess } from "./list-access.js";
import { listWhoamiFacts } from "./list-whoami-facts.js";
import { nameOrganization } from "./name-organization.js";
import type { WhoamiResult } from "./whoami-result.js";

/** Formats the result of `whoami` for people: the missing things first, then all facts, then the commands. */
export function formatWhoami(result: WhoamiResult): string {
  const { report } = result;
  const organization = nameOrganization(report);
  const missing = report.missing.map((each) => formatMissing(each, organization));
  return [
    formatVerdict(missing, result.owner === "instance" ? "the instance" : organization),
    formatRows(listWhoamiFacts(result)),
    formatCommands(report),
  ].join("\n\n");
}

function formatVerdict(missing: readonly string[], place: string): string {
  const lines =
    missing.length === 0
      ? [`Ready: plan and apply can work on ${place}.`]
      : [`Not ready: plan and apply would fail on ${place}. Missing:`];
  return [...lines, ...missing.map((each) => `  ${each}`)].map(printable).join("\n");
}

/** Formats rows with their labels in one column. A label is printed once for several rows. */
function formatRows(rows: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows
    .map(([label, text], index) => {
      const shown = rows[index - 1]?.[0] === label ? "" : label;
      return printable(`${shown.padEnd(width)}  ${text}`);
    })
    .join("\n");
}

function formatCommands(report: WhoamiReport): string {
  const permissions = getPartValue(report.permissions);
  if (permissions === undefined) {
    return "It is unknown which commands would work, because the permissions are unknown.";
  }
  const inOrganization = listAccess(report.organizationCommands, permissions);
  const onInstance = listAccess(report.instanceCommands, permissions);
  return formatTable(
    ["COMMAND", "ORGANIZATION", "INSTANCE"],
    inOrganization.map(({ command, missing }, index) => [
      command,
      formatAccess(missing),
      formatAccess(onInstance[index]?.missing ?? []),
    ]),
  );
}

function formatAccess(missing: readonly string[]): string {
  return missing.length === 0 ? "yes" : `no: lacks ${missing.join(", ")}`;
}
