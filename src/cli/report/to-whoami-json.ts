import type { MissingRequirement } from "../../whoami/find-missing-requirements.js";
import type { ReportPart } from "../../whoami/report-part.js";
import type { WhoamiReport } from "../../whoami/whoami.js";
import type { ConnectionConfig } from "../connection/connection-config.js";
import { estimateLead } from "./format-clock.js";
import { formatMissing } from "./format-missing.js";
import { listAccess } from "./list-access.js";
import { nameOrganization } from "./name-organization.js";
import { toFailureJson } from "./to-failure-json.js";
import type { WhoamiResult } from "./whoami-result.js";

/** Converts the result of `whoami` into JSON for programs, in the shape that docs/command-line.md describes. */
export function toWhoamiJson({ connection, owner, report }: WhoamiResult): object {
  const { instance, organization, user, roles, permissions, protocols } = report;
  return {
    isReady: report.missing.length === 0,
    missing: report.missing.map((each) => toMissingJson(each, report)),
    owner,
    url: connection.url.value,
    credentials: toCredentialsJson(connection, report),
    instance: toPartJson(instance),
    organizationId: report.organizationId,
    organization: toPartJson(organization),
    user: toPartJson(user),
    roles: toPartJson(roles),
    permissions: toPartJson(permissions),
    commands: toCommandsJson(report),
    protocols: protocols.map(({ error, ...rest }) => ({ ...rest, ...toErrorJson(error) })),
    ...(report.serverLeadMs !== undefined && {
      clock: { serverLeadSeconds: Math.round(estimateLead(report.serverLeadMs) / 1000) },
    }),
  };
}

function toMissingJson(missing: MissingRequirement, report: WhoamiReport): object {
  const message = formatMissing(missing, nameOrganization(report));
  const error = "error" in missing ? missing.error : undefined;
  return { ...missing, message, ...toErrorJson(error) };
}

function toErrorJson(error: Error | undefined): object {
  return error === undefined ? {} : { error: toFailureJson(error) };
}

function toPartJson(part: ReportPart<unknown>): object {
  return part.status === "failed" ? { ...part, ...toErrorJson(part.error) } : part;
}

const credentialKinds = {
  token: "token",
  key: "serviceAccountKey",
  keyFile: "serviceAccountKey",
  client: "clientCredentials",
} as const;

function toCredentialsJson({ credentials }: ConnectionConfig, { token }: WhoamiReport): object {
  const { kind, secret, source } = credentials;
  return {
    kind: credentialKinds[kind],
    from: source.kind,
    setting: secret.name,
    ...(source.kind === "profile" && { profile: source.profileName }),
    ...(token && { token }),
  };
}

function toCommandsJson(report: WhoamiReport): object | undefined {
  const { permissions, organizationCommands, instanceCommands } = report;
  return permissions.status === "known"
    ? {
        organization: listAccess(organizationCommands, permissions.value),
        instance: listAccess(instanceCommands, permissions.value),
      }
    : undefined;
}
