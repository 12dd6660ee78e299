import { ResultCodeError } from "ldapts";
import type { CheckContext, NewFinding } from "../../check-context.js";
import { quoteAnswer } from "../../quote-answer.js";
import { isLoopback } from "../../../utils/is-loopback.js";
import type { LdapServer } from "./ldap-server.js";
import type { LdapSession } from "./ldap-session.js";
import type { LdapSettings } from "./ldap-settings.js";

/** The result of a bind. Without a problem, the bind was done, or not tried. */
interface BindResult {
  readonly isBound: boolean;
  readonly problem?: NewFinding;
}

/**
 * Binds as ZITADEL does, if the password is known and may be sent. Never sends the password over a network without TLS. Without a bind,
 * the session stays anonymous.
 */
export async function bindSession(
  session: LdapSession,
  { bindDn, bindPassword }: LdapSettings,
  { url, security }: LdapServer,
  { probeSecrets }: Pick<CheckContext, "probeSecrets">,
): Promise<BindResult> {
  if (bindPassword === undefined || !probeSecrets) {
    return { isBound: false };
  }
  if (security === "none" && !isLoopback(url.hostname)) {
    return {
      isBound: false,
      problem: {
        severity: "unchecked",
        check: "ldap/bind-unchecked",
        field: "bindPassword",
        message: `the password of the bind account was not sent to ${url.host}, because the connection has no TLS`,
        fix: "protect the connection with TLS",
      },
    };
  }
  try {
    await session.bind(bindDn, bindPassword);
    return { isBound: true };
  } catch (error) {
    if (error instanceof ResultCodeError) {
      return { isBound: false, problem: toBindFinding(error, bindDn, url) };
    }
    throw error;
  }
}

/** The reasons for a rejected bind, by the code in the answer of Active Directory. */
const activeDirectoryReasons: Readonly<Record<string, string>> = {
  "525": "the account does not exist",
  "52e": "the password is wrong",
  "530": "the account may not sign in at this time",
  "531": "the account may not sign in from this machine",
  "532": "the password has expired",
  "533": "the account is disabled",
  "701": "the account has expired",
  "773": "the password must be changed first",
  "775": "the account is locked",
};

function toBindFinding(
  { code, message }: ResultCodeError,
  bindDn: string,
  { host }: URL,
): NewFinding {
  const account = JSON.stringify(bindDn);
  if (code === 49) {
    const [, reasonCode = ""] = /\bdata ([\da-f]{3})\b/.exec(message) ?? [];
    const reason = activeDirectoryReasons[reasonCode];
    const field = reasonCode === "525" ? "bindDn" : "bindPassword";
    return {
      severity: "broken",
      check: "ldap/bind-rejected",
      field,
      message: `${host} rejects the bind account ${account}${reason === undefined ? " or its password" : `: ${reason}`}; ZITADEL cannot find users without a bind`,
      fix: "set bindDn and bindPassword to an account that may search for users",
      change: { field },
    };
  }
  return code === 8 || code === 13
    ? {
        severity: "broken",
        check: "ldap/tls-required",
        field: "startTls",
        message: `${host} accepts a bind only with TLS`,
        fix: "use an ldaps: URL in servers, or set startTls to true",
        change: { field: "startTls", value: "true" },
      }
    : {
        severity: "broken",
        check: "ldap/bind-rejected",
        field: "bindDn",
        message: `${host} rejects the bind of ${account}: ${quoteAnswer(message.trim())}`,
        fix: "correct bindDn, or check the log of the LDAP server",
        change: { field: "bindDn" },
      };
}
