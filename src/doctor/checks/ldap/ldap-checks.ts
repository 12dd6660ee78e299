import type { CheckDescription } from "../../../lint/finding.js";

const servers = "Correct the URL, host and port, start the server, or open the firewall.";
const bind = "Set bindDn and bindPassword to an account that may search for users.";

/** The checks of LDAP providers, with their meaning and remedy. */
export const ldapChecks: Readonly<Record<string, CheckDescription>> = {
  "ldap/server-invalid": {
    meaning: "An entry of servers is not a URL that ZITADEL can connect to.",
    remedy: "Write a URL such as ldaps://ldap.acme.example:636.",
  },
  "ldap/server-unchecked": {
    meaning:
      "A server cannot be checked: it is a socket on ZITADEL's machine (ldapi:), or has no connection (cldap:).",
    remedy: "Sign in with a user of the directory.",
  },
  "ldap/unreachable": {
    meaning: "A server does not answer, or has no TLS although its URL requires it.",
    remedy: servers,
  },
  "ldap/port-without-tls": {
    meaning: "A URL has ldaps: with the port for connections without TLS.",
    remedy: "Use the port for ldaps:, usually 636, or an ldap: URL with startTls: true.",
  },
  "ldap/no-tls": {
    meaning: "ZITADEL sends passwords to a server without TLS.",
    remedy: "Set startTls to true, or use an ldaps: URL in servers.",
  },
  "ldap/start-tls-refused": {
    meaning: "A server does not support StartTLS.",
    remedy: "Use an ldaps: URL in servers, or enable StartTLS on the server.",
  },
  "ldap/tls-required": {
    meaning: "A server accepts a bind only with TLS.",
    remedy: "Set startTls to true, or use an ldaps: URL in servers.",
  },
  "ldap/certificate-expired": {
    meaning: "The certificate of a server has expired.",
    remedy: "Renew the certificate.",
  },
  "ldap/certificate-expires": {
    meaning: "The certificate of a server expires soon.",
    remedy: "Renew the certificate before that date.",
  },
  "ldap/certificate-not-yet-valid": {
    meaning: "The certificate of a server is valid only from a later date.",
    remedy: "Install the certificate on that date, or correct a clock.",
  },
  "ldap/certificate-name": {
    meaning:
      "The certificate of a server is for other host names. ZITADEL ignores the common name.",
    remedy: "Write a name of the certificate in servers, or issue a certificate with the name.",
  },
  "ldap/certificate-weak": {
    meaning:
      "The certificate of a server has a short RSA key or a DSA key, or is signed with MD5 or SHA-1, which ZITADEL rejects.",
    remedy: "Issue a certificate with a new key, signed with SHA-256.",
  },
  "ldap/chain-incomplete": {
    meaning: "A server sends its certificate without the intermediate ones.",
    remedy: "Configure the server to send the full chain.",
  },
  "ldap/root-ca-weak": {
    meaning: "A certificate in rootCa has a short RSA key or a DSA key.",
    remedy: "Create a new authority.",
  },
  "ldap/certificate-untrusted": {
    meaning:
      "The certificate of a server is signed by an authority that this machine does not trust, and there is no rootCa.",
    remedy: "Set rootCa to the certificate of the authority.",
  },
  "ldap/authority-expired": {
    meaning: "The authority that signed the certificate of a server has expired.",
    remedy: "Renew the certificate of the authority, at the server and in rootCa.",
  },
  "ldap/root-ca-mismatch": {
    meaning: "The certificate of a server is not signed by an authority in rootCa.",
    remedy: "Set rootCa to the certificate of the authority that signed it.",
  },
  "ldap/root-ca-expired": {
    meaning: "A certificate in rootCa has expired.",
    remedy: "Set rootCa to the current certificate of the authority.",
  },
  "ldap/root-ca-expires": {
    meaning: "A certificate in rootCa expires soon.",
    remedy: "Add the next certificate of the authority to rootCa.",
  },
  "ldap/root-ca-not-authority": {
    meaning:
      "rootCa has only certificates of servers: sign-in fails when the server gets a new one.",
    remedy: "Set rootCa to the certificate of the authority.",
  },
  "ldap/root-ca-unused": {
    meaning: "rootCa has no effect: ZITADEL uses it for ldaps: only, not for StartTLS.",
    remedy: "Use an ldaps: URL in servers, or remove rootCa.",
  },
  "ldap/timeout-negative": {
    meaning: "A negative timeout makes every connection fail.",
    remedy: "Set timeout to some seconds.",
  },
  "ldap/timeout-short": {
    meaning: "The timeout is below one second.",
    remedy: "Set timeout to some seconds.",
  },
  "ldap/timeout-long": {
    meaning:
      "A server that does not answer delays sign-in by a minute or more, before ZITADEL uses the next one.",
    remedy: "Set timeout to some seconds.",
  },
  "ldap/user-base-unused": {
    meaning: "userBase looks like a limit of the search, but ZITADEL searches below baseDn.",
    remedy: "Set baseDn to the entry above the users who may sign in.",
  },
  "ldap/bind-not-tried": {
    meaning:
      "The bind account was not tried, because its password is not known or may not be sent.",
    remedy: "Run doctor with a file that has the bindPassword, and --probe-secrets.",
  },
  "ldap/bind-unchecked": {
    meaning: "The password was not sent, because the connection has no TLS.",
    remedy: "Protect the connection with TLS.",
  },
  "ldap/bind-rejected": {
    meaning: "A server rejects the bind account or its password.",
    remedy: bind,
  },
  "ldap/directory-unchecked": {
    meaning: "The directory cannot be read without the bind account.",
    remedy: "Run doctor with a file that has the bindPassword, and --probe-secrets.",
  },
  "ldap/search-failed": {
    meaning: "The search for users fails for another reason.",
    remedy: "Check the log of the LDAP server.",
  },
  "ldap/search-denied": { meaning: "The bind account may not search below baseDn.", remedy: bind },
  "ldap/base-dn-missing": {
    meaning: "The entry baseDn does not exist, or the bind account may not see it.",
    remedy: "Set baseDn to the entry above all users.",
  },
  "ldap/base-dn-referral": {
    meaning: "The server refers to another server for baseDn, which ZITADEL does not follow.",
    remedy: "Set servers to that server, or correct baseDn.",
  },
  "ldap/filter-invalid": {
    meaning: "An entry of userObjectClasses or userFilters makes the filter of the search invalid.",
    remedy: "Write names only: ZITADEL builds the filter (uid=<user name>) from uid.",
  },
  "ldap/object-class-unmatched": {
    meaning: "No entry has the object classes. ZITADEL requires all of them.",
    remedy: "Set userObjectClasses to classes that every user has.",
  },
  "ldap/user-filter-unmatched": {
    meaning: "No user has one of the attributes in userFilters.",
    remedy: "Set userFilters to the attributes with the names that users type.",
  },
  "ldap/user-filter-unused": {
    meaning: "No user has an attribute in userFilters.",
    remedy: "Correct the name of the attribute, or leave it out.",
  },
  "ldap/user-filter-ambiguous": {
    meaning: "A user name matches several users, and ZITADEL signs none of them in.",
    remedy: "Compare only attributes that are unique among all users.",
  },
  "ldap/id-attribute-missing": {
    meaning: "idAttribute is empty, or users do not have the attribute.",
    remedy:
      "Set attributes.idAttribute to an attribute that every user has and that never changes.",
  },
  "ldap/id-attribute-ambiguous": {
    meaning: "Users share the value of idAttribute: ZITADEL treats them as the same person.",
    remedy: "Set attributes.idAttribute to a unique attribute.",
  },
  "ldap/attribute-case": {
    meaning: "The directory spells an attribute in another case, which ZITADEL respects.",
    remedy: "Spell the attribute as the directory does.",
  },
  "ldap/attribute-missing": {
    meaning: "No user has an attribute that ZITADEL reads.",
    remedy: "Correct the name of the attribute, or give the bind account the right to read it.",
  },
  "ldap/verified-attribute-invalid": {
    meaning:
      "The attribute of a verified address or phone is neither TRUE nor FALSE, and sign-in fails.",
    remedy: "Set the field to an attribute with TRUE or FALSE, or leave it empty.",
  },
};
