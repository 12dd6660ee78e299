import { readPemBlocks } from "../../formats/pem-blocks.js";
import { fromBase64 } from "../../utils/from-base64.js";
import { toLatin1 } from "../../utils/to-latin1.js";
import { type CertificateInfo, readCertificate } from "./read-certificate.js";

/**
 * Reads the certificates of a file: all PEM blocks, or one certificate in DER or in base64. Skips damaged certificates and other blocks.
 */
export function readCertificates(bytes: Uint8Array): CertificateInfo[] {
  return listDer(bytes).flatMap((der) => readCertificate(der) ?? []);
}

function listDer(bytes: Uint8Array): Uint8Array[] {
  const blocks = [...readPemBlocks(bytes)].filter(({ label }) => label === "CERTIFICATE");
  if (blocks.length > 0) {
    return blocks.map(({ content }) => content);
  }
  const text = toLatin1(bytes).replace(/\s/g, "");
  try {
    return [text.startsWith("MI") ? fromBase64(text) : bytes];
  } catch {
    // Not base64.
    return [];
  }
}
