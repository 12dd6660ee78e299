import type { CheckDescription } from "../../lint/finding.js";

/** The checks of the list of expirations by name, with their meaning and remedy. */
export const expiryChecks: Readonly<Record<string, CheckDescription>> = {
  "expiry/unreadable-certificate": {
    meaning:
      "A certificate of SAML metadata is damaged, so that nobody knows when it expires. Responses that the provider signs with its key fail.",
    remedy: "Set the metadata that the provider publishes now.",
  },
};
