import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** The certificate of a server with TLS. */
export interface ServedCertificate {
  readonly certificate: X509Certificate;
  /** The certificates above it that the server sent or this machine has, its issuer first. */
  readonly issuers: readonly X509Certificate[];
  /** The OpenSSL error code, such as `CERT_HAS_EXPIRED`. Undefined if this machine accepts the certificate. */
  readonly error: string | undefined;
}

/** Returns the certificate of the server of a connection. Undefined if the server sent none. */
export function toServedCertificate(socket: TLSSocket): ServedCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  return (
    certificate && {
      certificate,
      issuers: listIssuers(certificate),
      error: toErrorCode(socket.authorizationError),
    }
  );
}

/** Returns the certificates above a certificate, which may end in a self-signed one. */
function listIssuers(leaf: X509Certificate): X509Certificate[] {
  const issuers: X509Certificate[] = [];
  for (
    let current = leaf, next = leaf.issuerCertificate;
    next !== undefined && next.fingerprint256 !== current.fingerprint256;
    [current, next] = [next, next.issuerCertificate]
  ) {
    issuers.push(next);
  }
  return issuers;
}

/** Returns the code of the error about a certificate, which may be a text, an error or null, despite its type in Node.js. */
function toErrorCode(error: unknown): string | undefined {
  return error === undefined || error === null
    ? undefined
    : String((error as { code?: unknown }).code ?? error);
}
