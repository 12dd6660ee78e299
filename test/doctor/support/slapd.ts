import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../../support/background-program.js";
import type { KeyAndCertificate } from "../../support/certificates.js";
import { type DebianProgram, findOrInstallProgram } from "../../support/debian-programs.js";
import { findFreePorts } from "../../support/ports.js";
import { outputOf } from "../../runtimes/command.js";

const slapdProgram: DebianProgram = {
  name: "slapd",
  commands: ["slapd"],
  debianPackage: "slapd",
};

/** Settings of an LDAP server. */
interface SlapdSettings {
  /** The certificate of the server, for `ldaps:` and StartTLS. Without one, there is no TLS. */
  readonly tls?: KeyAndCertificate | undefined;
  /** The entries below `dc=acme,dc=example`, in LDIF. */
  readonly entries: string;
  /** More lines of the configuration, before the database. */
  readonly lines?: readonly string[];
  /** More lines of the configuration of the database, such as access rules. */
  readonly databaseLines?: readonly string[];
}

/** A running LDAP server: the program slapd of Debian. */
export interface Slapd extends AsyncDisposable {
  /** The URL with `ldap:`. */
  readonly plainUrl: string;
  /** The URL with `ldaps:`. */
  readonly tlsUrl: string;
}

export const baseDn = "dc=acme,dc=example";
/** The account that may read and write everything. */
export const adminDn: string = `cn=admin,${baseDn}`;
export const adminPassword = "correct horse";

const base = `dn: ${baseDn}
objectClass: domain
dc: acme

dn: ou=people,${baseDn}
objectClass: organizationalUnit
ou: people
`;

/** Starts an LDAP server on this machine, with the host name localhost. */
export async function startSlapd(settings: SlapdSettings): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), "slapd-"));
  // A copy, because AppArmor on Ubuntu allows the program itself to read its own folders only.
  const program = join(folder, "slapd");
  copyFileSync(await findOrInstallProgram(slapdProgram), program);
  chmodSync(program, 0o755);
  mkdirSync(join(folder, "data"));
  const config = join(folder, "slapd.conf");
  writeFileSync(config, configure(folder, settings));
  const ldif = join(folder, "entries.ldif");
  writeFileSync(ldif, `${base}\n${settings.entries}`);
  await outputOf(program, ["-T", "add", "-f", config, "-l", ldif], {
    cwd: folder,
    limitMs: 20_000,
  });
  const [plain = 0, secure = 0] = await findFreePorts(2);
  const urls = [
    `ldap://127.0.0.1:${plain}`,
    ...(settings.tls === undefined ? [] : [`ldaps://127.0.0.1:${secure}`]),
  ];
  const ports = settings.tls === undefined ? [plain] : [plain, secure];
  const running = await startProgram(
    program,
    ["-f", config, "-h", urls.join(" "), "-d", "0"],
    ports,
  );
  return {
    plainUrl: `ldap://localhost:${plain}`,
    tlsUrl: `ldaps://localhost:${secure}`,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configure(folder: string, { tls, lines = [], databaseLines = [] }: SlapdSettings): string {
  if (tls !== undefined) {
    writeFileSync(join(folder, "cert.pem"), tls.cert);
    writeFileSync(join(folder, "key.pem"), tls.key);
  }
  return [
    ...["core", "cosine", "inetorgperson", "nis"].map(
      (name) => `include /etc/ldap/schema/${name}.schema`,
    ),
    "modulepath /usr/lib/ldap",
    "moduleload back_mdb",
    `pidfile ${folder}/pid`,
    ...(tls === undefined
      ? []
      : [`TLSCertificateFile ${folder}/cert.pem`, `TLSCertificateKeyFile ${folder}/key.pem`]),
    ...lines,
    "database mdb",
    `suffix ${JSON.stringify(baseDn)}`,
    `rootdn ${JSON.stringify(adminDn)}`,
    `rootpw ${JSON.stringify(adminPassword)}`,
    `directory ${folder}/data`,
    "maxsize 10485760",
    ...databaseLines,
    "",
  ].join("\n");
}

/** Returns the entry of a user in LDIF. `more` are more attributes, one a line. */
export function userEntry(uid: string, more: readonly string[] = []): string {
  return [
    `dn: uid=${uid},ou=people,${baseDn}`,
    "objectClass: inetOrgPerson",
    `uid: ${uid}`,
    `cn: ${uid} User`,
    "sn: User",
    `givenName: ${uid}`,
    `mail: ${uid}@acme.example`,
    ...more,
    "",
    "",
  ].join("\n");
}
