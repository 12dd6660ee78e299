import { printable } from "../../utils/printable.js";
import type { RoleFacts } from "../../whoami/facts.js";
import { type Part, valueOf } from "../../whoami/part.js";
import type { ProtocolReport } from "../../whoami/probe-protocol.js";
import type { WhoamiReport } from "../../whoami/whoami.js";
import type { ConnectionConfig } from "../connection/connection-config.js";
import { toCliTerms } from "../errors/cli-terms.js";
import { describeError } from "./describe-error.js";
import { formatClock } from "./format-clock.js";
import { formatMissing } from "./format-missing.js";
import { formatNamedId } from "./format-named-id.js";
import { formatTable } from "./format-table.js";
import { formatTokenExpiry, formatTokenKind } from "./format-token.js";
import { formatUser } from "./format-user.js";
import { listAccess } from "./list-access.js";
import type { WhoamiResult } from "./whoami-result.js";

/** Formats the result of `whoami` for people: the missing things first, then all parts, then the commands. */
export function formatWhoami(result: WhoamiResult): string {
  return [
    formatVerdict(result),
    formatFacts([
      ...formatCaller(result),
      ...formatCredentials(result),
      ["clock", formatClock(result.report.serverLeadMs)],
      ...result.report.protocols.map(formatProtocol),
    ]),
    formatCommands(result.report),
  ].join("\n\n");
}

function formatVerdict({ owner, report }: WhoamiResult): string {
  const organization = organizationLabel(report);
  const place =
    owner === "instance" ? "the providers of the instance" : `organization ${organization}`;
  const lines = report.missing.map((each) => `  ${formatMissing(each, organization)}`);
  return (
    lines.length === 0
      ? [`Ready: plan and apply can work on ${place}.`]
      : [`Not ready: plan and apply would fail on ${place}. Missing:`, ...lines]
  )
    .map(printable)
    .join("\n");
}

type Row = readonly [label: string, text: string];

/** Formats rows with their labels in one column. A label is printed once for several rows. */
function formatFacts(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows
    .map(([label, text], index) => {
      const shown = rows[index - 1]?.[0] === label ? "" : label;
      return printable(`${shown.padEnd(width)}  ${text}`);
    })
    .join("\n");
}

function formatCaller({ connection, report }: WhoamiResult): Row[] {
  const { instance, organization, user, roles } = report;
  const source = connection.org === undefined ? "the user's own" : `from ${connection.org.name}`;
  return [
    ["url", `${connection.url.value} from ${connection.url.name}`],
    [
      "instance",
      formatPart(instance, ({ name, id, version, domains }) =>
        [
          formatNamedId({ id, name }),
          `version ${version}`,
          `domains ${domains.map((each) => (each.isPrimary ? `${each.name} (primary)` : each.name)).join(", ")}`,
        ].join(", "),
      ),
    ],
    [
      "organization",
      `${formatPart(organization, ({ name, id, state }) => `${formatNamedId({ id, name })}, ${state}`)}; ${source}`,
    ],
    ["user", formatPart(user, formatUser)],
    ...formatRoles(roles),
  ];
}

function formatRoles(part: Part<readonly RoleFacts[]>): Row[] {
  const memberships = valueOf(part);
  if (memberships === undefined || memberships.length === 0) {
    return [["roles", formatPart(part, () => "none")]];
  }
  return memberships.map(({ on, id, name, roles }) => [
    "roles",
    `${roles.join(", ")} on ${on === "instance" ? "the instance" : `${on} ${formatNamedId({ id, name })}`}`,
  ]);
}

/** Formats the value of a part, or the reason why it is not known. */
function formatPart<T>(part: Part<T>, format: (value: T) => string): string {
  switch (part.status) {
    case "known":
      return format(part.value);
    case "hidden":
      return `not visible to this user (needs ${part.needs})`;
    default:
      // The hint of the error is left out, because the same error often fails all parts. The missing things include it.
      return `unknown: ${toCliTerms(part.error.rawMessage)}`;
  }
}

const credentialKinds: Readonly<Record<ConnectionConfig["credentials"]["kind"], string>> = {
  token: "token",
  key: "service account key",
  keyFile: "service account key",
  client: "client credentials",
};

function formatCredentials({ connection, report: { token } }: WhoamiResult): Row[] {
  const { kind, secret } = connection.credentials;
  return [
    ["credentials", `${credentialKinds[kind]} from ${secret.name}`],
    ["token", token === undefined ? "none: it could not be fetched" : formatTokenKind(token)],
    ...(token === undefined ? [] : [["token", formatTokenExpiry(token)] as const]),
  ];
}

function formatProtocol({ protocol, inUse, getsThrough, error }: ProtocolReport): Row {
  const use = inUse ? ", in use" : "";
  const text = getsThrough ? "gets through" : `does not get through: ${describeError(error)}`;
  return [protocol, `${text}${use}`];
}

function formatCommands(report: WhoamiReport): string {
  const permissions = valueOf(report.permissions);
  if (permissions === undefined) {
    return "The commands that would work are unknown, because the permissions are.";
  }
  const organizationRows = listAccess(report.organizationCommands, permissions);
  const instanceRows = listAccess(report.instanceCommands, permissions);
  return formatTable(
    ["COMMAND", "ORGANIZATION", "INSTANCE"],
    organizationRows.map(({ command, missing }, index) => [
      command,
      formatMissingPermissions(missing),
      formatMissingPermissions(instanceRows[index]?.missing ?? []),
    ]),
  );
}

function formatMissingPermissions(missing: readonly string[]): string {
  return missing.length === 0 ? "yes" : `no: lacks ${missing.join(", ")}`;
}

/** Returns the name and the id of the organization of the calls. */
function organizationLabel({ organization, roles, organizationId }: WhoamiReport): string {
  if (organizationId === undefined) {
    return "of the user";
  }
  const known = [valueOf(organization) ?? [], valueOf(roles) ?? []].flat();
  return formatNamedId(known.find(({ id }) => id === organizationId) ?? { id: organizationId });
}
