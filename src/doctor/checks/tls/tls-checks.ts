import type { CheckDescription } from "../../../lint/finding.js";

/** The checks of the certificates of HTTPS servers: issuers, endpoints, key sets, sign-on pages and SAML metadata. */
export const tlsChecks: Readonly<Record<string, CheckDescription>> = {
  "tls/certificate-expires": {
    meaning:
      "The certificate of a server, or of the authority that signed it, expires soon. Sign-in fails from then on.",
    fix: "Renew the certificate, or check that the server renews it by itself.",
  },
  "tls/certificate-expired": {
    meaning: "The certificate of a server has expired.",
    fix: "Renew the certificate of the server.",
  },
  "tls/certificate-not-yet-valid": {
    meaning: "The certificate of a server is valid only from a later date.",
    fix: "Install the certificate on that date, or correct a clock.",
  },
  "tls/certificate-name": {
    meaning:
      "The certificate of a server is for other host names. ZITADEL ignores the common name.",
    fix: "Issue a certificate with the host name as a subject alternative name.",
  },
  "tls/certificate-weak": {
    meaning:
      "The certificate of a server has a short RSA key or a DSA key, or is signed with MD5 or SHA-1, which ZITADEL rejects.",
    fix: "Issue a certificate with a new key, signed with SHA-256.",
  },
  "tls/authority-expired": {
    meaning: "An authority above the certificate of a server has expired, or is not valid yet.",
    fix: "Renew the certificate of the authority, and install it at the server.",
  },
  "tls/chain-incomplete": {
    meaning:
      "The server sends its certificate without the intermediate ones. Browsers load those by themselves, ZITADEL does not.",
    fix: "Configure the server to send the full chain.",
  },
  "tls/self-signed": {
    meaning:
      "The certificate of a server is self-signed. ZITADEL accepts the certificate only if its own machine trusts it, which the doctor cannot see.",
    fix: "Configure ZITADEL's machine to trust the certificate (`SSL_CERT_FILE`), and pass it with `--ca-file`; or install a certificate of a public authority.",
  },
  "tls/unknown-authority": {
    meaning:
      "The certificate of a server is signed by a private authority that this machine does not trust. ZITADEL accepts it only if its own machine trusts the authority, which the doctor cannot see. With `--ca-file`, which names the authorities that ZITADEL trusts, the finding is broken.",
    fix: "Configure ZITADEL's machine to trust the authority (`SSL_CERT_FILE`), and pass it with `--ca-file`.",
  },
};
