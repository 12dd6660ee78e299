/**
 * The error codes of OpenSSL, Node.js and Bun about a certificate, of the server or of the client. Certificates are checked in the
 * handshake, so the server has not read a request.
 */
export const certificateErrorCode: RegExp =
  /^(?:CERT_|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID$|ERR_SSL_\w*CERTIFICATE)|SELF_SIGNED/;
