import type { CheckDescription } from "../../../lint/finding.js";
import { knownBugs } from "./known-bugs.js";

/** The checks for known bugs of ZITADEL, with their meaning and remedy. */
export const versionChecks: Readonly<Record<string, CheckDescription>> = Object.fromEntries(
  knownBugs.map(({ check, report, message, workaround }) => [
    check,
    {
      meaning: `${message.charAt(0).toUpperCase()}${message.slice(1)}. Only in some releases of ZITADEL: ${report}.`,
      remedy: `Upgrade ZITADEL. Otherwise: ${workaround}.`,
    },
  ]),
);
