import { isLoopback } from "../../../utils/is-loopback.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { checkLdapRootCa } from "./check-ldap-root-ca.js";
import { findIgnoredRootCa } from "./describe-ignored-root-ca.js";
import { inspectServer, type ServerReport } from "./inspect-server.js";
import { type LdapServer, parseLdapServer } from "./ldap-server.js";
import { type LdapSettings, readLdapSettings } from "./ldap-settings.js";
import { findFilterSyntaxProblems } from "./user-search.js";

/** Checks the servers of an LDAP provider as ZITADEL uses them, and the entries of their directory. */
export async function checkLdap(provider: CheckedProvider, context: CheckContext): Promise<void> {
  const settings = readLdapSettings(provider);
  const servers = settings.servers.flatMap((text) => {
    const server = parseLdapServer(text, settings.startTls);
    if (server === undefined) {
      context.report(toUrlFinding(text));
    }
    return server ?? [];
  });
  checkLdapRootCa(settings, servers, context);
  checkPlainServers(provider, servers, context);
  checkTimeout(provider, settings, context);
  checkUserBase(settings, context);
  findFilterSyntaxProblems(settings).forEach(context.report);
  reportBindNotTried(settings, context);
  const reports = await Promise.all(
    servers.map((server) =>
      context.upstream.withHost(server.url.host, () =>
        inspectServer(provider, settings, server, context),
      ),
    ),
  );
  for (const finding of combineReports(reports)) {
    context.report(finding);
  }
  reportIgnoredRootCa(settings, reports, context);
}

/** Reports a root CA that ZITADEL ignores with StartTLS, for servers that did not show their certificate. */
function reportIgnoredRootCa(
  { rootCa }: LdapSettings,
  reports: readonly ServerReport[],
  { instance, report }: CheckContext,
): void {
  const unseen = reports
    .filter(({ server, hasCertificate }) => server.security === "start-tls" && !hasCertificate)
    .map(({ server }) => server.url.host);
  const finding = rootCa.length === 0 ? undefined : findIgnoredRootCa(unseen, instance.version);
  if (finding !== undefined) {
    report(finding);
  }
}

function toUrlFinding(text: string): NewFinding {
  return /^(?:ldapi|cldap):/i.test(text)
    ? {
        severity: "unchecked",
        check: "ldap/server-unchecked",
        field: "servers",
        message: `${JSON.stringify(text)} cannot be checked: it is a socket on ZITADEL's machine (ldapi:), or has no connection (cldap:)`,
        fix: "test a sign-in with a user of the directory",
      }
    : {
        severity: "broken",
        check: "ldap/server-invalid",
        field: "servers",
        message: `${JSON.stringify(text)} is not a URL of an LDAP server: ZITADEL cannot connect to it`,
        fix: "write a URL such as ldaps://ldap.acme.example:636",
      };
}

/** Reports servers to which ZITADEL sends passwords without TLS. */
function checkPlainServers(
  provider: CheckedProvider,
  servers: readonly LdapServer[],
  { allowPrivate, report }: CheckContext,
): void {
  const plain = servers.filter(
    ({ security, url }) => security === "none" && !(allowPrivate && isLoopback(url.hostname)),
  );
  if (plain.length > 0) {
    report({
      severity: "risk",
      check: "ldap/no-tls",
      field: "startTls",
      message: `the connection to ${plain.map(({ url }) => url.host).join(", ")} has no TLS: anyone on the network path can read the passwords of the users and of the bind account`,
      fix: `${describeUpdate(provider, "startTls", true)}; or use an ldaps: URL in servers`,
    });
  }
}

/** The time that ZITADEL waits for a server if the provider has no timeout: the default of go-ldap. */
const defaultTimeoutMs = 60_000;

function checkTimeout(
  provider: CheckedProvider,
  { timeoutMs, servers }: LdapSettings,
  { report }: CheckContext,
): void {
  if (timeoutMs < 0) {
    report({
      severity: "broken",
      check: "ldap/timeout-negative",
      field: "timeout",
      message: "timeout is negative, so every connection of ZITADEL to a server fails at once",
      fix: describeUpdate(provider, "timeout", "10s"),
    });
  } else if (timeoutMs > 0 && timeoutMs < 1000) {
    report({
      severity: "risk",
      check: "ldap/timeout-short",
      field: "timeout",
      message: `timeout is ${timeoutMs / 1000} seconds: sign-in fails as soon as a server is a little slow`,
      fix: describeUpdate(provider, "timeout", "10s"),
    });
  } else if (servers.length > 1 && (timeoutMs === 0 || timeoutMs >= defaultTimeoutMs)) {
    report({
      severity: "note",
      check: "ldap/timeout-long",
      field: "timeout",
      message: `a server that does not answer delays each sign-in by ${(timeoutMs || defaultTimeoutMs) / 1000} seconds, before ZITADEL asks the next one`,
      fix: describeUpdate(provider, "timeout", "5s"),
    });
  }
}

/** Reports a user base that looks like a limit of the search, which ZITADEL ignores. */
function checkUserBase({ userBase, baseDn }: LdapSettings, { report }: CheckContext): void {
  if (userBase.includes("=") && userBase !== baseDn) {
    report({
      severity: "note",
      check: "ldap/user-base-unused",
      field: "userBase",
      message: `ZITADEL searches below baseDn, ${JSON.stringify(baseDn)}, and not only below userBase: users elsewhere below it can sign in too`,
      fix: "set baseDn to the entry above the users who may sign in",
    });
  }
}

function reportBindNotTried(
  { bindPassword }: LdapSettings,
  { probeSecrets, report }: CheckContext,
): void {
  if (bindPassword === undefined || !probeSecrets) {
    report({
      severity: "note",
      check: "ldap/bind-not-tried",
      field: "bindPassword",
      message: `the bind account was not tried, because ${bindPassword === undefined ? "ZITADEL does not return its password" : "secrets are only sent with --probe-secrets"}`,
      fix: "run doctor with a file that has the bindPassword, and --probe-secrets",
    });
  }
}

/**
 * Returns the findings about all servers. ZITADEL uses the first server to which it can connect and bind, even if that server finds no
 * user. Mistakes of later servers therefore matter only once that server fails.
 */
function combineReports(reports: readonly ServerReport[]): NewFinding[] {
  const usable = reports.filter(({ failure }) => failure === undefined);
  const failures = reports.flatMap(({ failure }) => failure ?? []);
  const [first, ...later] = usable;
  const rest = [...reports.filter(({ failure }) => failure !== undefined), ...later].flatMap(
    ({ findings }) => findings,
  );
  return [
    ...failures.map((failure) => (first === undefined ? failure : toRisk(failure, first.server))),
    ...(first?.findings ?? []),
    ...rest
      .filter(
        ({ check, field, message }) =>
          !first?.findings.some(
            (each) => each.check === check && each.field === field && each.message === message,
          ),
      )
      .map((finding) => (first === undefined ? finding : toRisk(finding, first.server))),
  ];
}

/** Turns a broken server into a risk, because sign-in works as long as another server does. */
function toRisk(finding: NewFinding, { url }: LdapServer): NewFinding {
  return finding.severity === "broken"
    ? {
        ...finding,
        severity: "risk",
        message: `${finding.message}; sign-in works only as long as ${url.host} does`,
      }
    : finding;
}
