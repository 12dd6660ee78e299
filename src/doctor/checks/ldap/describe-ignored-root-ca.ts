import type { NewFinding } from "../../check-context.js";
import { compareReleases, parseRelease } from "../version/release.js";

/** The last release that is known to ignore the root CA with StartTLS. No release is known to respect it. */
const lastSeen = [4, 15, 3] as const;
const check = "version/ldap-start-tls-root-ca";
const report = "https://github.com/zitadel/zitadel/pull/12444";

/**
 * Returns the finding about the root CA of servers with StartTLS that did not show their certificate, if this release of ZITADEL is known
 * to ignore the root CA.
 */
export function findIgnoredRootCa(
  hosts: readonly string[],
  version: string | undefined,
): NewFinding | undefined {
  const finding = describeIgnoredRootCa(hosts.join(", "), version);
  return hosts.length === 0 || finding.severity !== "broken"
    ? undefined
    : {
        ...finding,
        severity: "risk",
        message: `ZITADEL ${version} ignores rootCa with StartTLS (${report}): sign-in fails with ${hosts.join(", ")}, unless the machine of ZITADEL trusts its authority`,
      };
}

/** Describes a server with StartTLS whose authority only rootCa covers. The finding is certain if the version of ZITADEL is known. */
export function describeIgnoredRootCa(host: string, version: string | undefined): NewFinding {
  const release = version === undefined ? undefined : parseRelease(version);
  const isCertain = release !== undefined && compareReleases(release, lastSeen) <= 0;
  const releases = isCertain
    ? `ZITADEL ${release.join(".")} ignores rootCa with StartTLS`
    : `all releases of ZITADEL up to ${lastSeen.join(".")} ignore rootCa with StartTLS`;
  return {
    severity: isCertain ? "broken" : "risk",
    check,
    message: `${releases} (${report}), and this machine does not trust the authority of ${host} without it: sign-in fails, unless the machine of ZITADEL trusts the authority`,
    fix: "use an ldaps: URL in servers, or configure the container of ZITADEL to trust the authority (SSL_CERT_FILE), and pass it here with --ca-file",
  };
}
