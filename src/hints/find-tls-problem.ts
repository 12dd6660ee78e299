import { certificateErrorCode } from "../call/certificate-error-code.js";
import { clientCertificateAlert } from "../call/client-certificate-alert.js";
import type { HintFacts } from "./hint-rule.js";
import { isOneOf } from "./is-one-of.js";

/**
 * The cause of a failed TLS handshake: the port has no TLS, the server wants a client certificate, or the server's certificate is for
 * another name, not valid at this time, or of an unknown authority.
 */
export type TlsProblem = "no-tls" | "client-certificate" | "other-name" | "date" | "distrusted";

/** Returns the cause of a failed TLS handshake. Returns undefined for other failures. */
export function findTlsProblem({
  codes,
  causes,
}: Pick<HintFacts, "codes" | "causes">): TlsProblem | undefined {
  if (
    isOneOf(codes, /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/) ||
    (isOneOf(codes, /^EPROTO$/) && isOneOf(causes, /wrong version number|packet length too long/))
  ) {
    return "no-tls";
  }
  if (isOneOf(codes, clientCertificateAlert)) {
    return "client-certificate";
  }
  if (!isOneOf(codes, certificateErrorCode)) {
    return undefined;
  }
  if (isOneOf(codes, /ALTNAME|HOSTNAME/)) {
    return "other-name";
  }
  return isOneOf(codes, /EXPIRED|NOT_YET_VALID/) ? "date" : "distrusted";
}
