import type { CheckDescription } from "../../../lint/finding.js";
import { knownBugs } from "./known-bugs.js";

/** The checks for known bugs of ZITADEL, with their meaning and fix. */
export const versionChecks: Readonly<Record<string, CheckDescription>> = {
  "version/ldap-start-tls-root-ca": {
    meaning:
      "ZITADEL ignores rootCa with StartTLS, and rejects a server whose authority its own machine does not trust. All releases up to 4.15.3: https://github.com/zitadel/zitadel/pull/12444.",
    fix: "Use an ldaps: URL in servers, or configure the container of ZITADEL to trust the authority.",
  },
  ...Object.fromEntries(
    knownBugs.map(({ check, report, message, workaround }) => [
      check,
      {
        meaning: `${message.charAt(0).toUpperCase()}${message.slice(1)}. Only in some releases of ZITADEL: ${report}.`,
        fix: `Upgrade ZITADEL. Otherwise: ${workaround}.`,
      },
    ]),
  ),
};
