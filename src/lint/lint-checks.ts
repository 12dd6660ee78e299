import type { CheckDescription } from "./finding.js";

/** The name of a check that needs no server. */
export type LintCheck =
  | "apple/client-id"
  | "apple/key-id"
  | "apple/team-id"
  | "client/same-values"
  | "client/swapped"
  | "client/wrong-kind"
  | "entra/unverified-email"
  | "jwt/any-audience"
  | "jwt/endpoint-invalid"
  | "jwt/same-endpoints"
  | "ldap/base-dn-invalid"
  | "ldap/bind-dn-form"
  | "ldap/changeable-id-attribute"
  | "ldap/id-attribute-missing"
  | "ldap/linking-attribute-missing"
  | "ldap/no-tls"
  | "ldap/port-in-path"
  | "ldap/port-mismatch"
  | "ldap/profile-attributes-missing"
  | "ldap/root-ca-unused"
  | "ldap/start-tls-unused"
  | "ldap/swapped-names"
  | "linking/foreign-username"
  | "linking/unverified-email"
  | "oauth/id-attribute"
  | "oidc/issuer-invalid"
  | "oidc/issuer-mismatch"
  | "oidc/openid-scope-added"
  | "oidc/scope-unsupported"
  | "options/asks-each-new-user"
  | "options/auto-creation-not-allowed"
  | "options/auto-linking-not-allowed"
  | "options/auto-update-overwrites"
  | "options/nobody-can-enter"
  | "options/open-to-everyone"
  | "pkce/off"
  | "policy/external-idp-off"
  | "policy/offered-but-deleted"
  | "policy/same-name"
  | "prune/deletes-all"
  | "reference/not-resolved"
  | "saml/changeable-name-id"
  | "saml/mapping-unused"
  | "saml/metadata-invalid"
  | "saml/requests-unsigned"
  | "saml/signature-weak"
  | "saml/signing-off"
  | "saml/transient-unmapped"
  | "scopes/comma"
  | "scopes/email-missing"
  | "scopes/profile-missing"
  | "secret/entra-secret-id"
  | "secret/wrong-kind"
  | "text/blanks-at-ends"
  | "text/placeholder"
  | "url/discovery-document"
  | "url/example-host"
  | "url/plain-http"
  | "url/port-mismatch"
  | "zitadel/not-offered";

/** The checks that need no server, by name. */
export const lintChecks: Readonly<Record<LintCheck, CheckDescription>> = {
  "apple/client-id": {
    meaning:
      "The client id is not that of a Services ID, which has a dot, but for example an App ID with the team id.",
    fix: "Set clientId to the identifier of the Services ID.",
  },
  "apple/key-id": {
    meaning: "The key id does not have the form of Apple's key ids, or is the team id.",
    fix: "Set keyId to the one in the name of the file of the key.",
  },
  "apple/team-id": {
    meaning: "The team id does not have the form of Apple's team ids.",
    fix: "Set teamId to the one of the membership.",
  },
  "client/same-values": {
    meaning: "The client secret is the client id, which is public.",
    fix: "Copy the client secret from the provider.",
  },
  "client/swapped": {
    meaning: "By their form, the client id and the client secret are in each other's fields.",
    fix: "Swap them.",
  },
  "client/wrong-kind": {
    meaning: "The client id is a URL or an email address.",
    fix: "Copy the client id from the application at the provider.",
  },
  "entra/unverified-email": {
    meaning:
      "emailVerified is on for a tenant in which users of any directory can sign in. The administrator of a directory can give its users any email address, so ZITADEL treats foreign addresses as verified.",
    fix: "Set tenant to the id of your own directory, or turn emailVerified off.",
  },
  "jwt/any-audience": {
    meaning:
      "Without an audience, ZITADEL accepts each JWT that the issuer signs, even one for another application.",
    fix: "Set audience to a value that only tokens for ZITADEL have.",
  },
  "jwt/endpoint-invalid": {
    meaning: "`keysEndpoint` or `jwtEndpoint` is not a URL.",
    fix: "Correct the URL.",
  },
  "jwt/same-endpoints": {
    meaning: "`jwtEndpoint` and `keysEndpoint` are the same URL.",
    fix: "Correct one of them.",
  },
  "ldap/base-dn-invalid": {
    meaning: "baseDn is not a distinguished name.",
    fix: "Set baseDn to the entry above all users.",
  },
  "ldap/bind-dn-form": {
    meaning: "bindDn is a plain name, with which most directories accept no bind.",
    fix: "Set bindDn to the distinguished name of the account.",
  },
  "ldap/changeable-id-attribute": {
    meaning:
      "The id of a user comes from an attribute that can change or be given to another person, such as the email address. A user then loses the account, or gets that of another person.",
    fix: "Use an attribute that never changes, such as entryUUID, objectGUID or uid.",
  },
  "ldap/id-attribute-missing": {
    meaning: "ZITADEL reads no id for users, because attributes.idAttribute is empty.",
    fix: "Set attributes.idAttribute, for example to entryUUID, objectGUID or uid.",
  },
  "ldap/linking-attribute-missing": {
    meaning: "autoLinking compares a value that ZITADEL does not read from the directory.",
    fix: "Set the attribute for that value, or turn autoLinking off.",
  },
  "ldap/no-tls": {
    meaning: "Passwords cross the network without encryption: ldap:// without StartTLS.",
    fix: "Use an ldaps:// URL, or turn startTls on.",
  },
  "ldap/port-in-path": {
    meaning: "The URL of a server has its port after a slash.",
    fix: "Write the port after a colon.",
  },
  "ldap/port-mismatch": {
    meaning: "The URL of a server has the standard port of the other scheme.",
    fix: "Use ldaps:// with port 636, or ldap:// with port 389.",
  },
  "ldap/profile-attributes-missing": {
    meaning:
      "ZITADEL does not read the first name, last name or email address, which a new account needs. New users must enter them.",
    fix: "Set attributes.firstNameAttribute, lastNameAttribute and emailAttribute.",
  },
  "ldap/root-ca-unused": {
    meaning: "ZITADEL uses rootCa for ldaps:// servers only, and there is none.",
    fix: "Use an ldaps:// URL, or remove rootCa.",
  },
  "ldap/start-tls-unused": {
    meaning:
      "startTls has no effect: all servers have ldaps:// URLs, which use TLS from the start.",
    fix: "Remove startTls.",
  },
  "ldap/swapped-names": {
    meaning: "baseDn and bindDn are in each other's fields.",
    fix: "Swap them.",
  },
  "linking/foreign-username": {
    meaning:
      "autoLinking by user name links the account of a person to whoever has the name at the provider. If users choose their names, a stranger can take over accounts.",
    fix: "Turn autoLinking off, or use autoLinking: email if the provider verifies addresses.",
  },
  "linking/unverified-email": {
    meaning:
      "autoLinking by email address links the account of a person to whoever has the address at the provider. If the provider does not verify addresses, a stranger can take over accounts.",
    fix: "Turn autoLinking off, or use a provider that verifies the addresses of its users.",
  },
  "oauth/id-attribute": {
    meaning:
      "The id of a user comes from an attribute that can change or be given to another person, such as the email address. A user then loses the account, or gets that of another person.",
    fix: "Set idAttribute to an attribute that never changes, such as sub or id.",
  },
  "oidc/issuer-invalid": {
    meaning: "The issuer is not a URL, so ZITADEL cannot load the discovery document.",
    fix: "Copy the issuer from the provider.",
  },
  "oidc/issuer-mismatch": {
    meaning:
      "The issuer is not exactly the one that the provider uses. ZITADEL compares both before each sign-in.",
    fix: "Copy the issuer from the discovery document of the provider.",
  },
  "oidc/openid-scope-added": {
    meaning: "The scopes do not contain openid. ZITADEL adds it at sign-in.",
    fix: "Add openid to scopes, so that the list shows what ZITADEL requests.",
  },
  "oidc/scope-unsupported": {
    meaning: "The scopes contain one that Apple does not have. Apple has openid, email and name.",
    fix: "Remove the scope.",
  },
  "options/asks-each-new-user": {
    meaning:
      "Creation and linking are allowed, and neither is automatic: ZITADEL asks each new user to create an account or to link one.",
    fix: "Turn isAutoCreation on, or set autoLinking, if users need no choice.",
  },
  "options/auto-creation-not-allowed": {
    meaning:
      "isAutoCreation has no effect, because isCreationAllowed is off. New users get no account.",
    fix: "Turn isCreationAllowed on, or isAutoCreation off.",
  },
  "options/auto-linking-not-allowed": {
    meaning:
      "autoLinking is set, but isLinkingAllowed is off. Some versions of the login page link accounts nevertheless, others do not.",
    fix: "Turn isLinkingAllowed on, or set autoLinking to unspecified.",
  },
  "options/auto-update-overwrites": {
    meaning:
      "Each sign-in replaces the profile with that of the provider, including parts that were edited in ZITADEL.",
    fix: "Turn isAutoUpdate off if profiles are edited in ZITADEL.",
  },
  "options/nobody-can-enter": {
    meaning:
      "The provider is active, but allows neither linking nor creation: only users who have a link already can sign in.",
    fix: "Turn isCreationAllowed or isLinkingAllowed on.",
  },
  "options/open-to-everyone": {
    meaning:
      "Everyone with an account at a public provider can create an account in ZITADEL. Applications that accept every user of the organization then accept them too.",
    fix: "Turn isCreationAllowed off, or require a role in the applications.",
  },
  "pkce/off": {
    meaning:
      "ZITADEL sends no PKCE challenge, so only the client secret protects authorization codes. OAuth 2.1 requires PKCE.",
    fix: "Turn usePkce on if the provider supports it.",
  },
  "policy/external-idp-off": {
    meaning:
      "Providers are active, but the login policy does not allow external providers, so the login page shows none.",
    fix: "Turn allowExternalIdp of the login policy on.",
  },
  "policy/offered-but-deleted": {
    meaning: "The login policy contains a provider that does not exist.",
    fix: "Deactivate the provider.",
  },
  "policy/same-name": {
    meaning: "Several providers have one name, so users cannot tell their buttons apart.",
    fix: "Rename all but one of them, or deactivate them.",
  },
  "prune/deletes-all": {
    meaning:
      "prune is on and the list has no provider, so apply deletes all providers that it created.",
    fix: "List the providers to keep, or turn prune off.",
  },
  "reference/not-resolved": {
    meaning:
      "The secret that a reference names is missing, so its value is not checked. Reported only with --allow-missing-secrets.",
    fix: "Run validate where the secret is set, before apply.",
  },
  "saml/changeable-name-id": {
    meaning:
      "ZITADEL identifies users by their email address, which can change or be given to another person.",
    fix: "Set nameIdFormat to persistent if the provider supports it.",
  },
  "saml/mapping-unused": {
    meaning:
      "transientMappingAttributeName is used only if the provider sends a transient name id, or none.",
    fix: "Set nameIdFormat to transient, or remove transientMappingAttributeName.",
  },
  "saml/metadata-invalid": {
    meaning: "The metadata describes no identity provider, but for example ZITADEL itself.",
    fix: "Use the metadata that the identity provider publishes.",
  },
  "saml/requests-unsigned": {
    meaning:
      "The metadata asks for signed requests, but withSignedRequest is off. The provider rejects the requests.",
    fix: "Turn withSignedRequest on.",
  },
  "saml/signature-weak": {
    meaning: "ZITADEL signs its requests with SHA-1, which many providers reject.",
    fix: "Set signatureAlgorithm to rsa-sha256.",
  },
  "saml/signing-off": {
    meaning: "ZITADEL does not sign its requests, so the provider cannot tell who sent them.",
    fix: "Turn withSignedRequest on if the provider checks signatures.",
  },
  "saml/transient-unmapped": {
    meaning:
      "A transient name id changes with each sign-in. ZITADEL then needs an attribute that identifies the user, and rejects sign-ins without one.",
    fix: "Set transientMappingAttributeName, or nameIdFormat to persistent.",
  },
  "scopes/comma": {
    meaning: "A scope has a comma, as if it were a list.",
    fix: "List each scope as an entry of its own.",
  },
  "scopes/email-missing": {
    meaning:
      "The scopes do not contain email, so most providers send no email address, which ZITADEL needs.",
    fix: "Add email to scopes, or remove scopes to request the default.",
  },
  "scopes/profile-missing": {
    meaning:
      "The scopes do not contain profile, so most providers send no name. New users must enter it, or cannot be created.",
    fix: "Add profile to scopes, or remove scopes to request the default.",
  },
  "secret/entra-secret-id": {
    meaning:
      "The client secret has the form of an id. Microsoft shows the id of a secret beside its value, and only the value is the secret.",
    fix: "Create a new client secret and copy its value, which Microsoft shows only once.",
  },
  "secret/wrong-kind": {
    meaning:
      "A secret has the form of the name of a variable or file, of a URL, or of a key, which was meant as a reference to the secret.",
    fix: "Give the secret itself, or a reference with env or file.",
  },
  "text/blanks-at-ends": {
    meaning: "A value begins or ends with white space.",
    fix: "Remove the white space.",
  },
  "text/placeholder": {
    meaning: "A value is a placeholder such as changeme.",
    fix: "Replace it with the real value.",
  },
  "url/discovery-document": {
    meaning: "An endpoint is the URL of a discovery document.",
    fix: "Copy the endpoint from the document.",
  },
  "url/example-host": {
    meaning:
      "A URL has the host example.com, example.net or example.org, which belong to documentation.",
    fix: "Replace the URL with that of the provider.",
  },
  "url/plain-http": {
    meaning:
      "A URL begins with http://, so anyone on the network path can read and change codes, tokens and keys.",
    fix: "Use https://.",
  },
  "url/port-mismatch": {
    meaning: "A URL has the standard port of the other scheme.",
    fix: "Leave the port out, or write the other scheme.",
  },
  "zitadel/not-offered": {
    meaning:
      "ZITADEL does not yet add providers of type zitadel to a login policy: apply cannot activate one.",
    fix: "Remove active until ZITADEL supports that.",
  },
};
