import { trim } from "../../../utils/trim.js";
import { textToBytes } from "../../../providers/model/bytes-text.js";
import { restorePemLineBreaks } from "../../../providers/model/pem-line-breaks.js";
import type { CheckedProvider } from "../../checked-provider.js";

/** The settings of an LDAP provider, as its checks need them. */
export interface LdapSettings {
  readonly servers: readonly string[];
  readonly startTls: boolean;
  readonly baseDn: string;
  readonly bindDn: string;
  /** The password of the bind account, if a desired state has it. */
  readonly bindPassword: string | undefined;
  readonly userBase: string;
  readonly userObjectClasses: readonly string[];
  readonly userFilters: readonly string[];
  /** The time that ZITADEL waits for a server, in milliseconds. 0 stands for ZITADEL's default. */
  readonly timeoutMs: number;
  /** The names of LDAP attributes by their fields, e.g. `idAttribute`, without empty ones. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The certificates of the trusted authorities, in PEM. Empty to trust those of ZITADEL's machine. */
  readonly rootCa: Uint8Array;
}

/** Reads the settings of an LDAP provider. */
export function readLdapSettings({ fields, secrets }: CheckedProvider): LdapSettings {
  const { bindPassword } = secrets;
  return {
    servers: fields["servers"] as readonly string[],
    startTls: fields["startTls"] === true,
    baseDn: String(fields["baseDn"]),
    bindDn: String(fields["bindDn"]),
    bindPassword: bindPassword === undefined ? undefined : trim(bindPassword),
    userBase: String(fields["userBase"]),
    userObjectClasses: fields["userObjectClasses"] as readonly string[],
    userFilters: fields["userFilters"] as readonly string[],
    timeoutMs: Number.parseFloat(String(fields["timeout"] ?? "0s")) * 1000,
    attributes: Object.fromEntries(
      Object.entries((fields["attributes"] ?? {}) as Readonly<Record<string, string>>).filter(
        ([, attribute]) => attribute !== "",
      ),
    ),
    rootCa: textToBytes(restorePemLineBreaks(String(fields["rootCa"] ?? ""))),
  };
}
