import { checkSecret } from "../../../providers/model/checks/secret.js";
import type { NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeSecretUpdate } from "../../describe-secret-update.js";
import { guid } from "../../../utils/guid.js";

/** Returns the finding about a client secret whose form shows a mistake. Undefined for any other secret. */
export function findSecretMistake(
  provider: CheckedProvider,
  secret: string,
): NewFinding | undefined {
  const problem = checkSecret(secret);
  if (problem !== undefined) {
    return {
      severity: "broken",
      check: "secret/malformed",
      field: "clientSecret",
      message: `the client secret ${problem}. Nobody can sign in with it`,
      fix: `copy the secret from the provider and set it: ${describeSecretUpdate(provider, "clientSecret")}`,
    };
  }
  return provider.type === "azureAd" && guid.test(secret)
    ? {
        severity: "broken",
        check: "secret/entra-secret-id",
        field: "clientSecret",
        message:
          "the client secret has the form of a secret ID of Entra ID, not of a secret's value, so nobody can sign in",
        fix: `create a new secret in Entra ID and set its value: ${describeSecretUpdate(provider, "clientSecret")}`,
      }
    : undefined;
}
