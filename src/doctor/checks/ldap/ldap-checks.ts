import type { CheckDescription } from "../../../lint/finding.js";

const servers = "Correct the URL, host and port, start the server, or open the firewall.";
const bind = "Set bindDn and bindPassword to an account that may search for users.";

/** The checks of LDAP providers, with their meaning and fix. */
export const ldapChecks: Readonly<Record<string, CheckDescription>> = {
  "ldap/server-invalid": {
    meaning: "An entry of servers is not a URL that ZITADEL can connect to.",
    fix: "Write a URL such as ldaps://ldap.acme.example:636.",
  },
  "ldap/server-unchecked": {
    meaning:
      "A server cannot be checked: it is a socket on ZITADEL's machine (ldapi:), or has no connection (cldap:).",
    fix: "Sign in with a user of the directory.",
  },
  "ldap/unreachable": {
    meaning: "A server does not answer, or has no TLS although its URL requires it.",
    fix: servers,
  },
  "ldap/port-without-tls": {
    meaning: "A URL has ldaps: with the port for connections without TLS.",
    fix: "Use the port for ldaps:, usually 636, or an ldap: URL with startTls: true.",
  },
  "ldap/no-tls": {
    meaning: "ZITADEL sends passwords to a server without TLS.",
    fix: "Set startTls to true, or use an ldaps: URL in servers.",
  },
  "ldap/start-tls-refused": {
    meaning: "A server does not support StartTLS.",
    fix: "Use an ldaps: URL in servers, or enable StartTLS on the server.",
  },
  "ldap/tls-required": {
    meaning: "A server accepts a bind only with TLS.",
    fix: "Set startTls to true, or use an ldaps: URL in servers.",
  },
  "ldap/certificate-expired": {
    meaning: "The certificate of a server has expired.",
    fix: "Renew the certificate.",
  },
  "ldap/certificate-expires": {
    meaning: "The certificate of a server, or of the authority that signed it, expires soon.",
    fix: "Renew the certificate before that date.",
  },
  "ldap/certificate-not-yet-valid": {
    meaning: "The certificate of a server is valid only from a later date.",
    fix: "Install the certificate on that date, or correct a clock.",
  },
  "ldap/certificate-name": {
    meaning:
      "The certificate of a server is for other host names. ZITADEL ignores the common name.",
    fix: "Write a name of the certificate in servers, or issue a certificate with the name.",
  },
  "ldap/certificate-weak": {
    meaning:
      "The certificate of a server has a short RSA key or a DSA key, or is signed with MD5 or SHA-1, which ZITADEL rejects.",
    fix: "Issue a certificate with a new key, signed with SHA-256.",
  },
  "ldap/chain-incomplete": {
    meaning: "A server sends its certificate without the intermediate ones.",
    fix: "Configure the server to send the full chain.",
  },
  "ldap/root-ca-weak": {
    meaning: "A certificate in rootCa has a short RSA key or a DSA key.",
    fix: "Create a new authority.",
  },
  "ldap/certificate-untrusted": {
    meaning:
      "The certificate of a server is signed by an authority that this machine does not trust, and there is no rootCa.",
    fix: "Set rootCa to the certificate of the authority.",
  },
  "ldap/authority-expired": {
    meaning:
      "The authority that signed the certificate of a server has expired, or is not valid yet.",
    fix: "Renew the certificate of the authority, at the server and in rootCa.",
  },
  "ldap/root-ca-mismatch": {
    meaning: "The certificate of a server is not signed by an authority in rootCa.",
    fix: "Set rootCa to the certificate of the authority that signed it.",
  },
  "ldap/root-ca-expired": {
    meaning: "A certificate in rootCa has expired.",
    fix: "Set rootCa to the current certificate of the authority.",
  },
  "ldap/root-ca-expires": {
    meaning: "A certificate in rootCa expires soon.",
    fix: "Add the next certificate of the authority to rootCa.",
  },
  "ldap/root-ca-not-authority": {
    meaning:
      "rootCa has only certificates of servers: sign-in fails when the server gets a new one.",
    fix: "Set rootCa to the certificate of the authority.",
  },
  "ldap/root-ca-unused": {
    meaning: "rootCa has no effect: ZITADEL uses it for ldaps: only, not for StartTLS.",
    fix: "Use an ldaps: URL in servers, or remove rootCa.",
  },
  "ldap/timeout-negative": {
    meaning: "A negative timeout makes every connection fail.",
    fix: "Set timeout to some seconds.",
  },
  "ldap/timeout-short": {
    meaning: "The timeout is below one second.",
    fix: "Set timeout to some seconds.",
  },
  "ldap/timeout-long": {
    meaning:
      "A server that does not answer delays sign-in by a minute or more, before ZITADEL uses the next one.",
    fix: "Set timeout to some seconds.",
  },
  "ldap/user-base-unused": {
    meaning: "userBase looks like a limit of the search, but ZITADEL searches below baseDn.",
    fix: "Set baseDn to the entry above the users who may sign in.",
  },
  "ldap/bind-not-tried": {
    meaning:
      "The bind account was not tried, because its password is not known or may not be sent.",
    fix: "Run doctor with a file that has the bindPassword, and --probe-secrets.",
  },
  "ldap/bind-unchecked": {
    meaning: "The password was not sent, because the connection has no TLS.",
    fix: "Protect the connection with TLS.",
  },
  "ldap/bind-rejected": {
    meaning: "A server rejects the bind account or its password.",
    fix: bind,
  },
  "ldap/directory-unchecked": {
    meaning: "The directory cannot be read without the bind account.",
    fix: "Run doctor with a file that has the bindPassword, and --probe-secrets.",
  },
  "ldap/search-failed": {
    meaning: "The search for users fails for another reason.",
    fix: "Check the log of the LDAP server.",
  },
  "ldap/search-denied": { meaning: "The bind account may not search below baseDn.", fix: bind },
  "ldap/base-dn-missing": {
    meaning: "The entry baseDn does not exist, or the bind account may not see it.",
    fix: "Set baseDn to the entry above all users.",
  },
  "ldap/base-dn-referral": {
    meaning: "The server refers to another server for baseDn, which ZITADEL does not follow.",
    fix: "Set servers to that server, or correct baseDn.",
  },
  "ldap/filter-invalid": {
    meaning: "An entry of userObjectClasses or userFilters makes the filter of the search invalid.",
    fix: "Write names only: ZITADEL builds the filter (uid=<user name>) from uid.",
  },
  "ldap/object-class-unmatched": {
    meaning: "No entry has the object classes. ZITADEL requires all of them.",
    fix: "Set userObjectClasses to classes that every user has.",
  },
  "ldap/user-filter-unmatched": {
    meaning: "No user has one of the attributes in userFilters.",
    fix: "Set userFilters to the attributes with the names that users type.",
  },
  "ldap/user-filter-unused": {
    meaning: "No user has an attribute in userFilters.",
    fix: "Correct the name of the attribute, or leave it out.",
  },
  "ldap/user-filter-ambiguous": {
    meaning: "A user name matches several users, and ZITADEL signs none of them in.",
    fix: "Compare only attributes that are unique among all users.",
  },
  "ldap/id-attribute-missing": {
    meaning: "idAttribute is empty, or users do not have the attribute.",
    fix: "Set attributes.idAttribute to an attribute that every user has and that never changes.",
  },
  "ldap/id-attribute-ambiguous": {
    meaning: "Users share the value of idAttribute: ZITADEL treats them as the same person.",
    fix: "Set attributes.idAttribute to a unique attribute.",
  },
  "ldap/attribute-case": {
    meaning: "The directory spells an attribute in another case, which ZITADEL respects.",
    fix: "Spell the attribute as the directory does.",
  },
  "ldap/attribute-missing": {
    meaning: "No user has an attribute that ZITADEL reads.",
    fix: "Correct the name of the attribute, or give the bind account the right to read it.",
  },
  "ldap/verified-attribute-invalid": {
    meaning:
      "The attribute of a verified address or phone is neither TRUE nor FALSE, and sign-in fails.",
    fix: "Set the field to an attribute with TRUE or FALSE, or leave it empty.",
  },
};
