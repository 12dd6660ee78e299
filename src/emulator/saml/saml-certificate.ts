import { base64Encode } from "@bufbuild/protobuf/wire";
import type { ServiceProviderCertificate } from "../store/stored-provider.js";
import { createSelfSignedCertificate } from "./self-signed-certificate.js";

/** Creates the certificate of a SAML provider. Without `created`, the first read generates it. */
export function createSamlCertificate(created?: Promise<string>): ServiceProviderCertificate {
  let certificate = created;
  return {
    get created() {
      return certificate;
    },
    read: () => (certificate ??= generateCertificate()),
  };
}

/** Creates an RSA key pair and a self-signed certificate for it. */
async function generateCertificate(): Promise<string> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: Uint8Array.of(1, 0, 1),
    modulusLength: 4096,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return base64Encode(await createSelfSignedCertificate(keys));
}
