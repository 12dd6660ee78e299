import type { CheckDescription } from "../../lint/finding.js";

/** The checks of the list of expirations by name, with their meaning and fix. */
export const expiryChecks: Readonly<Record<string, CheckDescription>> = {
  "expiry/secret": {
    meaning:
      "A secret expires soon or has expired, according to the date in the file (`clientSecretExpires`, `bindPasswordExpires`, `privateKeyExpires`).",
    fix: "Create a new secret at the provider, and set it with its new date.",
  },
  "expiry/server-unreachable": {
    meaning: "A server with TLS does not answer, so the expiry of its certificate is unknown.",
    fix: "Run the command where the server can be reached, or with `--no-servers`.",
  },
  "expiry/unreadable-certificate": {
    meaning:
      "A certificate of SAML metadata is damaged, so its expiry is unknown. Responses that the provider signs with its key fail.",
    fix: "Set the metadata that the provider publishes now.",
  },
};
