import { readPrivateKey } from "./pkcs1.js";

/** The key file that ZITADEL gives for a service user (AddMachineKey, type JSON). */
export interface ServiceAccountKey {
  readonly type: "serviceaccount";
  readonly keyId: string;
  /** The RSA private key in PEM: PKCS#1, as ZITADEL has it, or PKCS#8. */
  readonly key: string;
  /** When ZITADEL stops accepting the key, in RFC 3339. */
  readonly expirationDate?: string | undefined;
  readonly userId: string;
}

/** A key file after the check. */
export interface CheckedKey {
  readonly keyId: string;
  readonly userId: string;
  readonly pkcs8: Uint8Array<ArrayBuffer>;
  readonly expiresAtMs: number | undefined;
}

/** Reads a key file. Throws a TypeError that names the member that is wrong, and never repeats its value. */
export function readServiceAccountKey(file: ServiceAccountKey | string): CheckedKey {
  const { type, keyId, key, expirationDate, userId } = parse(file);
  if (type === "application") {
    refuse(
      "is that of an application, which is for introspection only; make a key of a service user, whose type is serviceaccount",
    );
  }
  if (type !== "serviceaccount") {
    refuse('must have the type "serviceaccount"');
  }
  for (const [name, value] of Object.entries({ keyId, key, userId })) {
    if (typeof value !== "string" || value === "") {
      refuse(`lacks ${name}; it must be the whole file that ZITADEL gave`);
    }
  }
  const pkcs8 = readPrivateKey(String(key));
  if (pkcs8 === undefined) {
    refuse(
      "must have an RSA private key in PEM as its member key, with its line breaks and not encrypted " +
        "(BEGIN RSA PRIVATE KEY or BEGIN PRIVATE KEY)",
    );
  }
  const expiresAtMs = expirationDate === undefined ? undefined : Date.parse(String(expirationDate));
  if (Number.isNaN(expiresAtMs)) {
    refuse("must have a time in RFC 3339 as its expirationDate, or none");
  }
  return { keyId: String(keyId), userId: String(userId), pkcs8, expiresAtMs };
}

function parse(file: unknown): Record<string, unknown> {
  let value = file;
  if (typeof file === "string") {
    try {
      value = JSON.parse(file);
    } catch {
      // The parser's own error repeats a part of the text.
      refuse("is no JSON; pass the content of the file, not its path");
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse("must be the JSON object that ZITADEL gave, or its text");
  }
  return value as Record<string, unknown>;
}

function refuse(reason: string): never {
  throw new TypeError(`the service account's key file ${reason}`);
}
