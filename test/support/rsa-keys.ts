import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** An RSA key pair in all formats that ZITADEL uses. */
export interface KeyPair {
  privateKey: KeyObject;
  /** The private key in the format of ZITADEL's key file. */
  privatePkcs1: string;
  publicSpki: string;
  publicPkcs1: string;
}

/** Creates an RSA key pair. */
export function createKeyPair(modulusLength = 2048): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  return {
    privateKey,
    privatePkcs1: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    publicSpki: publicKey.export({ type: "spki", format: "pem" }).toString(),
    publicPkcs1: publicKey.export({ type: "pkcs1", format: "pem" }).toString(),
  };
}
