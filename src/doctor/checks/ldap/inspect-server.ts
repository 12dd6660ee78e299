import type { ConnectionOptions } from "node:tls";
import { ResultCodeError } from "ldapts";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { bindSession } from "./bind-session.js";
import { findDirectoryProblems } from "./find-directory-problems.js";
import { findCertificateProblem } from "./find-certificate-problem.js";
import type { LdapServer } from "./ldap-server.js";
import { LdapSession } from "./ldap-session.js";
import type { LdapSettings } from "./ldap-settings.js";

/** The findings about one server. */
export interface ServerReport {
  readonly server: LdapServer;
  /** True if the server has shown its certificate. */
  readonly hasCertificate: boolean;
  /** The reason why ZITADEL cannot use the server, and uses the next one. */
  readonly failure?: NewFinding;
  /** The findings about a server that ZITADEL can use. */
  readonly findings: readonly NewFinding[];
}

/** Uses a server as ZITADEL does: TLS, bind, then the search for users. Stops at the first step that fails. */
export async function inspectServer(
  provider: CheckedProvider,
  settings: LdapSettings,
  server: LdapServer,
  context: CheckContext,
): Promise<ServerReport> {
  const { timeoutMs, signal, sockets } = context;
  const { rootCa } = settings;
  // ZITADEL uses rootCa for `ldaps:` only.
  const usesRootCa = server.security === "tls" && rootCa.length > 0;
  const ca = (usesRootCa ? rootCa : sockets.tls?.ca) as ConnectionOptions["ca"];
  const session = new LdapSession(server, {
    ca,
    timeoutMs,
    signal,
  });
  try {
    await session.open();
    const { certificate } = session;
    const hasCertificate = certificate !== undefined;
    const problem = certificate && findCertificateProblem(certificate, server, rootCa, context);
    if (problem?.severity === "broken") {
      return { server, hasCertificate, failure: problem, findings: [] };
    }
    const bind = await bindSession(session, settings, server, context);
    if (bind.problem?.severity === "broken") {
      const findings = problem === undefined ? [] : [problem];
      return { server, hasCertificate, failure: bind.problem, findings };
    }
    const found = await findDirectoryProblems(provider, settings, session, bind.isBound);
    return {
      server,
      hasCertificate,
      findings: [problem, bind.problem, ...found].filter((each) => each !== undefined),
    };
  } catch (error) {
    const failure = (await isPlainAtTlsPort(error, server, context))
      ? describePlainPort(server)
      : toConnectionFinding(error, server);
    return { server, hasCertificate: false, failure, findings: [] };
  } finally {
    session.close();
  }
}

/** Returns true if TLS failed because the server at the port speaks LDAP without TLS. Its error alone does not show that. */
async function isPlainAtTlsPort(
  error: unknown,
  server: LdapServer,
  { timeoutMs, signal }: CheckContext,
): Promise<boolean> {
  const mayBePlain =
    error instanceof UpstreamError && (error.problem === "failed" || error.problem === "no-tls");
  if (!mayBePlain || server.security !== "tls") {
    return false;
  }
  const session = new LdapSession(
    { ...server, security: "none" },
    { ca: undefined, timeoutMs, signal },
  );
  try {
    await session.open();
    await session.search("", { scope: "base", attributes: ["1.1"] });
    return true;
  } catch (plainError) {
    return plainError instanceof ResultCodeError;
  } finally {
    session.close();
  }
}

function describePlainPort({ url }: LdapServer): NewFinding {
  return {
    severity: "broken",
    check: "ldap/port-without-tls",
    field: "servers",
    message: `${url.host} speaks LDAP without TLS, but its URL in servers begins with ldaps:`,
    fix: "use the port for ldaps:, usually 636, or an ldap: URL with startTls: true",
  };
}

function toConnectionFinding(error: unknown, { url }: LdapServer): NewFinding {
  if (error instanceof ResultCodeError) {
    return {
      severity: "broken",
      check: "ldap/start-tls-refused",
      field: "startTls",
      message: `${url.host} does not support StartTLS, without which ZITADEL sends nothing`,
      fix: "use an ldaps: URL in servers, or enable StartTLS on the server",
    };
  }
  const finding = toUnreachableFinding(error, {
    check: "ldap/unreachable",
    field: "servers",
    purpose: "an LDAP server",
    verb: "reached",
  });
  const isNoTls = error instanceof UpstreamError && error.problem === "no-tls";
  return isNoTls ? { ...finding, fix: "use the port for ldaps:, usually 636" } : finding;
}
