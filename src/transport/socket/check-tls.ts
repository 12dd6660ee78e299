import type { Message } from "../../utils/message.js";
import { throwInvalidOption } from "../../utils/option-error.js";
import { advice } from "../../zitadel/advice-phrases.js";
import { phrase } from "../../zitadel/option-phrases.js";
import { optionText } from "../../utils/option-text.js";
import { isIP } from "node:net";
import { readPemBlocks } from "../../formats/pem-blocks.js";
import { findUnknownName } from "../../utils/find-unknown-name.js";
import { parseUrl } from "../../utils/parse-url.js";
import type { PemTexts, TlsOptions } from "./socket-options.js";
import { toTexts } from "./tls-settings.js";
import { unbracketHost } from "../../utils/unbracket-host.js";

type PemName = "ca" | "cert" | "key";

const pemNames: readonly PemName[] = ["ca", "cert", "key"];
const optionNames: readonly (keyof TlsOptions)[] = [
  ...pemNames,
  "passphrase",
  "serverName",
  "rejectUnauthorized",
];

/** Checks the option `tls`. Throws a TypeError that names the invalid option and never repeats its value. */
export function checkTls(tls: TlsOptions): void {
  if (typeof tls !== "object" || tls === null || Array.isArray(tls)) {
    throwInvalidOption("tls", "must be an object such as { ca }");
  }
  const unknown = findUnknownName(tls, optionNames);
  if (unknown !== undefined) {
    throw new TypeError(`option tls.${unknown}`);
  }
  for (const name of pemNames) {
    if (tls[name] !== undefined && !isPemTexts(tls[name])) {
      throwInvalid(name, "must be text or bytes in PEM, or a list of them");
    }
  }
  checkValues(tls);
  if (tls.ca !== undefined) {
    readCertificates("ca", tls.ca);
  }
  if (tls.cert !== undefined && tls.key !== undefined) {
    checkKeyPairs(tls.cert, tls.key, tls.passphrase);
  }
}

function throwInvalid(name: keyof TlsOptions, problem: Message): never {
  throwInvalidOption(`tls.${name}`, problem);
}

function isPemTexts(value: unknown): boolean {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return (
    list.length > 0 && list.every((each) => typeof each === "string" || each instanceof Uint8Array)
  );
}

/** Checks the values that are not PEM, and the options that need each other. */
function checkValues(tls: TlsOptions): void {
  const { cert, key, passphrase, serverName, rejectUnauthorized } = tls;
  if (cert !== undefined && key === undefined) {
    throwInvalid("cert", optionText`needs its private key; pass it as ${advice.tlsKey}`);
  }
  if (key !== undefined && cert === undefined) {
    throwInvalid("key", optionText`needs its certificate; pass it as ${advice.tlsCert}`);
  }
  if (passphrase !== undefined) {
    if (typeof passphrase !== "string") {
      throwInvalid("passphrase", "must be text");
    }
    if (key === undefined) {
      throwInvalid("passphrase", optionText`has no effect without ${advice.tlsKey}`);
    }
  }
  if (serverName !== undefined && !isHostName(serverName)) {
    throwInvalid(
      "serverName",
      optionText`must be a host name without a port, e.g. "acme.example"; for an IP address, leave it out and write the address into ${phrase.baseUrl}`,
    );
  }
  if (rejectUnauthorized !== undefined && typeof rejectUnauthorized !== "boolean") {
    throwInvalid("rejectUnauthorized", "must be true or false");
  }
}

/** Returns true for a host name in ASCII, the only form that TLS sends. */
function isHostName(value: unknown): boolean {
  return (
    typeof value === "string" &&
    isIP(unbracketHost(value)) === 0 &&
    parseUrl(`https://${value}`)?.hostname === value.toLowerCase()
  );
}

/** Checks that each certificate has its key. */
function checkKeyPairs(cert: PemTexts, key: PemTexts, passphrase: string | undefined): void {
  const { createPrivateKey } = loadCrypto();
  const keys = toTexts(key).map((text) => {
    try {
      return createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) });
    } catch {
      // The text of the key says more about the problem than the error of OpenSSL.
      return throwUnreadableKey(text, passphrase);
    }
  });
  for (const text of toTexts(cert)) {
    // The first certificate is that of the client, and the others are its chain.
    const [own] = readCertificates("cert", text);
    if (!keys.some((each) => own?.checkPrivateKey(each))) {
      throwInvalid(
        "key",
        optionText`is not the private key of the certificate in ${advice.tlsCert}`,
      );
    }
  }
}

function throwUnreadableKey(text: string, passphrase: string | undefined): never {
  if (!text.includes("PRIVATE KEY-----")) {
    return throwInvalid(
      "key",
      "must be a private key in PEM, with a line that has BEGIN and PRIVATE KEY",
    );
  }
  if (!text.includes("ENCRYPTED")) {
    return throwInvalid("key", "is not a private key that this runtime can read");
  }
  return passphrase === undefined
    ? throwInvalid("key", optionText`is encrypted${advice.advisePassphrase}`)
    : throwInvalid("passphrase", optionText`does not decrypt ${advice.tlsKey}`);
}

type Certificate = InstanceType<typeof import("node:crypto").X509Certificate>;

/** Returns the certificates in a PEM option. Node.js would ignore a text without any, and trust no one. */
function readCertificates(name: "ca" | "cert", pem: PemTexts): Certificate[] {
  const { X509Certificate } = loadCrypto();
  return toTexts(pem).flatMap((text) => {
    const blocks = [...readPemBlocks(new TextEncoder().encode(text))];
    const certificates = blocks.filter(({ label }) => label.endsWith("CERTIFICATE"));
    if (certificates.length === 0) {
      throwInvalid(
        name,
        text.includes("PRIVATE KEY-----")
          ? optionText`contains a private key; pass that as ${advice.tlsKey}`
          : "must be certificates in PEM, each with a line -----BEGIN CERTIFICATE-----",
      );
    }
    return certificates.map(({ content }) => {
      try {
        return new X509Certificate(content);
      } catch {
        return throwInvalid(name, "contains a certificate that this runtime cannot read");
      }
    });
  });
}

/** Loads `node:crypto` on demand, because Bun and Deno take 30 to 40 ms for it. */
function loadCrypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}
