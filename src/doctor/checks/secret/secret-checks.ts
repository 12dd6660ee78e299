import type { CheckDescription } from "../../../lint/finding.js";

/** The checks of client secrets. A secret is sent only with `--probe-secrets`, and only if a file contains it. */
export const secretChecks: Readonly<Record<string, CheckDescription>> = {
  "secret/malformed": {
    meaning: "The client secret is a placeholder, or has white space around it or several lines.",
    fix: "Copy the client secret from the provider again.",
  },
  "secret/entra-secret-id": {
    meaning: "The client secret is the id of a secret of Entra ID, not its value.",
    fix: "Create a new secret in Entra ID, and copy its value.",
  },
  "secret/rejected": {
    meaning: "The token endpoint rejects the client id with its secret, so nobody can sign in.",
    fix: "Create a new client secret at the provider, and set it in ZITADEL.",
  },
  "secret/expired": {
    meaning: "The client secret has expired, so nobody can sign in.",
    fix: "Create a new client secret at the provider, and set it in ZITADEL.",
  },
  "secret/unknown-client": {
    meaning: "The token endpoint does not know the client id.",
    fix: "Copy the client id from the provider again.",
  },
  "secret/accepted": {
    meaning: "The token endpoint accepts the client id with its secret.",
    fix: "Nothing to do.",
  },
  "secret/unknown": {
    meaning: "The client secret is unknown, because ZITADEL never returns it.",
    fix: "Run the doctor with a provider file that has the secret.",
  },
  "secret/unchecked": {
    meaning: "The client secret could not be checked.",
    fix: "Resolve the reason in the message.",
  },
};
