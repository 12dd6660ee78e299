import type { ConnectError } from "@connectrpc/connect";
import type { InstanceFacts, RoleFacts } from "../../whoami/facts.js";
import { type ReportPart, getPartValue } from "../../whoami/report-part.js";
import type { ConnectionConfig } from "../connection/connection-config.js";
import { describeError } from "./describe-error.js";
import { formatClock } from "./format-clock.js";
import { formatNamedId } from "./format-named-id.js";
import { formatTokenExpiry, formatTokenKind } from "./format-token.js";
import { formatUser } from "./format-user.js";
import { isSameFailure } from "./is-same-failure.js";
import type { WhoamiResult } from "./whoami-result.js";

/** A fact of `whoami`, with its label. */
type Row = readonly [label: string, text: string];

/** Lists the facts of `whoami`. Does not repeat the failure of a missing requirement, which stands above them. */
export function listWhoamiFacts({ connection, report }: WhoamiResult): Row[] {
  const shown = report.missing.flatMap((each) => ("error" in each ? (each.error ?? []) : []));
  const describe = (error: ConnectError | undefined): string =>
    error !== undefined && shown.some((each) => isSameFailure(each, error))
      ? "see above"
      : describeError(error);
  const formatPart = <T>(part: ReportPart<T>, format: (value: T) => string): string => {
    switch (part.status) {
      case "known":
        return format(part.value);
      case "hidden":
        return `not visible to this user (needs ${part.needs})`;
      default:
        return `unknown: ${describe(part.error)}`;
    }
  };
  const { instance, organization, user, roles, protocols, serverLeadMs } = report;
  const orgSource = connection.org === undefined ? "the user's own" : `from ${connection.org.name}`;
  const organizationText = formatPart(
    organization,
    ({ name, id, state }) => `${formatNamedId({ id, name })}, ${state}`,
  );
  const memberships = getPartValue(roles) ?? [];
  return [
    ["url", `${connection.url.value} from ${connection.url.name}`],
    ["instance", formatPart(instance, formatInstance)],
    ["organization", `${organizationText}; ${orgSource}`],
    ["user", formatPart(user, formatUser)],
    ...(memberships.length > 0
      ? memberships.map((each): Row => ["roles", formatRoles(each)])
      : [["roles", formatPart(roles, () => "none")] as const]),
    ...listCredentialFacts(connection, report.token),
    ["clock", formatClock(serverLeadMs)],
    ...protocols.map(({ protocol, inUse, getsThrough, error }): Row => {
      const text = getsThrough ? "reachable" : `cannot be reached: ${describe(error)}`;
      return [protocol, `${text}${inUse ? ", in use" : ""}`];
    }),
  ];
}

function formatInstance({ id, name, version, domains }: InstanceFacts): string {
  const domainNames = domains.map((each) =>
    each.isPrimary ? `${each.name} (primary)` : each.name,
  );
  return `${formatNamedId({ id, name })}, version ${version}, domains ${domainNames.join(", ")}`;
}

function formatRoles({ on, id, name, roles }: RoleFacts): string {
  const place = on === "instance" ? "the instance" : `${on} ${formatNamedId({ id, name })}`;
  return `${roles.join(", ")} on ${place}`;
}

const credentialKinds: Readonly<Record<ConnectionConfig["credentials"]["kind"], string>> = {
  token: "token",
  key: "service account key",
  client: "client credentials",
};

function listCredentialFacts(
  { credentials: { kind, secret } }: ConnectionConfig,
  token: WhoamiResult["report"]["token"],
): Row[] {
  const credentials: Row = ["credentials", `${credentialKinds[kind]} from ${secret.name}`];
  return token === undefined
    ? [credentials, ["token", "none: it could not be fetched"]]
    : [credentials, ["token", formatTokenKind(token)], ["token", formatTokenExpiry(token)]];
}
