import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** An RSA key pair in the forms that keys come in. */
export interface KeyPair {
  privateKey: KeyObject;
  /** As ZITADEL's key file has it. */
  privatePkcs1: string;
  publicSpki: string;
  publicPkcs1: string;
}

export function createKeyPair(modulusLength = 2048): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  return {
    privateKey,
    privatePkcs1: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    publicSpki: publicKey.export({ type: "spki", format: "pem" }).toString(),
    publicPkcs1: publicKey.export({ type: "pkcs1", format: "pem" }).toString(),
  };
}
