import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A certificate and its key, in PEM. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that no system trusts. */
export interface PrivateCa {
  /** The certificate of the authority, in PEM. */
  readonly cert: string;
  /** Issues a certificate for a server with these host names, or for a client. */
  issue(purpose: "server" | "client", names: readonly string[]): Promise<Credentials>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

export async function createPrivateCa(): Promise<PrivateCa> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const createKeys = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const validity = {
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
  };
  const { KeyUsageFlags, KeyUsagesExtension } = x509;
  const caKeys = await createKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: "CN=Private CA of a test",
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    cert: ca.toString("pem"),
    async issue(purpose, names) {
      const keys = await createKeys();
      const usage = purpose === "server" ? "serverAuth" : "clientAuth";
      const certificate = await x509.X509CertificateGenerator.create({
        ...validity,
        subject: `CN=${names[0]}`,
        issuer: ca.subject,
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        extensions: [
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage]]),
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: "dns" as const, value })),
          ),
        ],
      });
      const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
      return {
        cert: certificate.toString("pem"),
        key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
      };
    },
  };
}

/** The files of credentials. */
export interface CredentialFiles {
  readonly cert: string;
  readonly key: string;
}

/** Writes credentials to `NAME.pem` and `NAME-key.pem` in a folder. */
export async function writeCredentials(
  folder: string,
  name: string,
  { cert, key }: Credentials,
): Promise<CredentialFiles> {
  await mkdir(folder, { recursive: true });
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
  await writeFile(files.cert, cert);
  await writeFile(files.key, key, { mode: 0o600 });
  return files;
}
