/**
 * The error codes of a server that rejects the client's certificate, or wants one. In TLS 1.3, such an alert arrives after the client
 * has finished its part of the handshake and has sent a request, which the server never reads.
 */
export const clientCertificateAlert: RegExp =
  /_ALERT_(?:CERTIFICATE_(?:REQUIRED|UNKNOWN|EXPIRED|REVOKED)|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE)$/;
