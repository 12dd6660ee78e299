import { createPrivateKey } from "node:crypto";

/** Encrypts a private key in PEM. */
export function encryptKey(key: string, passphrase: string): string {
  return createPrivateKey(key).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase,
  }) as string;
}
