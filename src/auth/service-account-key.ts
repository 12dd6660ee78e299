import { readRsaPrivateKey } from "./rsa-private-key.js";
import { findEncodingProblem, withoutBom } from "../utils/text-encoding.js";

/** The key file that ZITADEL creates for a service user (AddMachineKey, type JSON). */
export interface ServiceAccountKey {
  /** The type of the account: always a service user. */
  readonly type: "serviceaccount";
  /** The id of the key in ZITADEL. */
  readonly keyId: string;
  /** The RSA private key in PEM: PKCS#1, which ZITADEL creates, or PKCS#8. */
  readonly key: string;
  /** The time at which ZITADEL stops accepting the key, in RFC 3339. */
  readonly expirationDate?: string | undefined;
  /** The id of the service user. */
  readonly userId: string;
}

/** A checked key file. */
export interface CheckedKey {
  readonly keyId: string;
  readonly userId: string;
  readonly pkcs8: Uint8Array<ArrayBuffer>;
  readonly expiresAtMs: number | undefined;
}

/** Parses a key file. Throws a TypeError that names the invalid member and never repeats its value. */
export function readServiceAccountKey(file: ServiceAccountKey | string | undefined): CheckedKey {
  const { type, keyId, key, expirationDate, userId } = parseKeyFile(file);
  if (type === "application") {
    throwInvalidKey(
      "belongs to an application, whose keys are for introspection only; create a key for a service user (type serviceaccount)",
    );
  }
  if (type !== "serviceaccount") {
    throwInvalidKey('must have the type "serviceaccount"');
  }
  for (const [name, value] of Object.entries({ keyId, key, userId })) {
    if (typeof value !== "string" || value === "") {
      throwInvalidKey(`lacks ${name}; pass the whole file that ZITADEL created`);
    }
  }
  const pkcs8 = readRsaPrivateKey(String(key));
  if (pkcs8 === undefined) {
    throwInvalidKey(
      "must have an RSA private key in PEM as its member key, with its line breaks and not encrypted " +
        "(BEGIN RSA PRIVATE KEY or BEGIN PRIVATE KEY)",
    );
  }
  const expiresAtMs = expirationDate === undefined ? undefined : Date.parse(String(expirationDate));
  if (Number.isNaN(expiresAtMs)) {
    throwInvalidKey("must have a time in RFC 3339 as its expirationDate, or none");
  }
  return { keyId: String(keyId), userId: String(userId), pkcs8, expiresAtMs };
}

function parseKeyFile(file: unknown): Record<string, unknown> {
  if (file === undefined) {
    throwInvalidKey("is undefined; check the environment variable that it comes from");
  }
  const value = typeof file === "string" ? parseKeyText(file) : file;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    throwInvalidKey('must be text or an object, not bytes: read it with readFile(path, "utf8")');
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throwInvalidKey("must be the JSON object that ZITADEL created, or its text");
  }
  return value as Record<string, unknown>;
}

function parseKeyText(file: string): unknown {
  const text = withoutBom(file);
  try {
    return JSON.parse(text);
  } catch {
    // The error of JSON.parse would repeat a part of the text.
    return throwInvalidKey(
      findEncodingProblem(text) ??
        textMistakes.find(([pattern]) => pattern.test(text))?.[1] ??
        notJson,
    );
  }
}

const notJson = "is not JSON; pass the content of the file, not its path";

/** Frequent mistakes: patterns of texts that are not JSON, and the problem of each. */
const textMistakes: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/^\s*$/, "is empty; pass the content of the file"],
  [/^\s*\{/, "is incomplete JSON; pass the whole file, unchanged"],
  [/^\s*-----BEGIN /, "is a private key alone; pass the whole JSON file that ZITADEL created"],
  [/^\s*(?:eyJ|ew[0o])[\w+/=\s-]+$/, "is in base64; decode it first"],
];

function throwInvalidKey(reason: string): never {
  throw new TypeError(`the service account's key file ${reason}`);
}
