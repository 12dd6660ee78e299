import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeSecretUpdate } from "../../describe-secret-update.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { findSecretMistake } from "./find-secret-mistake.js";
import { probeClientSecret, type ProbedSecret } from "./probe-client-secret.js";

/**
 * Checks the client secret in a file: its form, and with `probeSecrets` if the provider accepts it. Without `probeSecrets`, sends nothing.
 */
export async function checkClientSecret(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const { report, probeSecrets } = context;
  const { clientSecret } = provider.secrets;
  if (clientSecret === undefined || clientSecret === "") {
    if (probeSecrets) {
      report({
        severity: "note",
        check: "secret/unknown",
        field: "clientSecret",
        message:
          "the client secret is not checked: no file contains it, and ZITADEL never returns it",
        fix: "run the doctor with a provider file that has the secret",
      });
    }
    return;
  }
  const mistake = findSecretMistake(provider, clientSecret);
  if (mistake !== undefined) {
    report(mistake);
  } else if (probeSecrets) {
    report(await probe(provider, clientSecret, context));
  }
}

async function probe(
  provider: CheckedProvider,
  secret: string,
  context: CheckContext,
): Promise<NewFinding> {
  try {
    return toFinding(provider, await probeClientSecret(provider, secret, context));
  } catch (error) {
    if (!(error instanceof UpstreamError)) {
      throw error;
    }
    return createUncheckedFinding(error.message);
  }
}

function toFinding(provider: CheckedProvider, { verdict, code, host }: ProbedSecret): NewFinding {
  const renew = `create a new client secret at the provider, then ${describeSecretUpdate(provider, "clientSecret")}`;
  switch (verdict) {
    case "accepted":
      return {
        severity: "note",
        check: "secret/accepted",
        field: "clientSecret",
        message: `${host} accepts the client id with its secret`,
        fix: "nothing to do",
      };
    case "expired":
      return {
        severity: "broken",
        check: "secret/expired",
        field: "clientSecret",
        message: `${host} says that the client secret has expired (${code}), so nobody can sign in`,
        fix: renew,
      };
    case "rejected":
      return {
        severity: "broken",
        check: "secret/rejected",
        field: "clientSecret",
        message: `${host} rejects the client id with its secret (${code}), so nobody can sign in`,
        fix: renew,
      };
    case "unknown-client":
      return {
        severity: "broken",
        check: "secret/unknown-client",
        field: "clientId",
        message: `${host} does not know the client id (${code}), so nobody can sign in`,
        fix: "copy the client id from the provider again",
        change: { field: "clientId" },
      };
    default:
      return createUncheckedFinding(
        `${host} answers a token request with ${code}, which does not show if the secret is valid`,
      );
  }
}

function createUncheckedFinding(reason: string): NewFinding {
  return {
    severity: "unchecked",
    check: "secret/unchecked",
    field: "clientSecret",
    message: `the client secret is not checked: ${reason}`,
    fix: "correct this and run the check again, or test a sign-in",
  };
}
