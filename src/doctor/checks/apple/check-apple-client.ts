import type { KeyObject } from "node:crypto";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { probeClientSecret } from "../secret/probe-client-secret.js";
import { type AppleKey, readAppleKey, signAppleClientSecret } from "./apple-client-secret.js";
import { isAppleId } from "../../../lint/is-apple-id.js";

/**
 * Checks the ids and the private key of an Apple provider. With `probeSecrets`, asks Apple's token endpoint if it accepts the client
 * secret that ZITADEL makes from them.
 */
export async function checkAppleClient(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const { report, probeSecrets } = context;
  findIdMistakes(provider).forEach(report);
  const { privateKey } = provider.secrets;
  if (privateKey === undefined || privateKey === "") {
    if (probeSecrets) {
      report(unknownKey);
    }
    return;
  }
  const read = readAppleKey(privateKey);
  if ("problem" in read) {
    report({
      severity: "broken",
      check: "apple/private-key",
      field: "privateKey",
      message: `the private key ${read.problem}. ZITADEL cannot sign the client secret with it, so nobody can sign in`,
      fix: "use the file AuthKey_….p8 that Apple offers once when the key is created",
    });
  } else if (probeSecrets) {
    report(await probeApple(provider, read.key, context));
  }
}

const unknownKey: NewFinding = {
  severity: "note",
  check: "apple/unknown",
  field: "privateKey",
  message: "the private key is not checked: no file contains it, and ZITADEL never returns it",
  fix: "run the doctor with a provider file that has the key",
};

function findIdMistakes(provider: CheckedProvider): NewFinding[] {
  const { keyId, teamId, clientId } = readAppleIds(provider);
  const mistakes: NewFinding[] = [];
  if (!isAppleId(keyId) || keyId === teamId) {
    mistakes.push({
      severity: "broken",
      check: "apple/key-id",
      field: "keyId",
      message:
        keyId === teamId
          ? "the key id is the team id. Apple rejects each sign-in"
          : "the key id does not have the form of Apple's key ids, which are ten capital letters and digits. Apple rejects each sign-in",
      fix: describeUpdate(provider, "keyId", "…"),
    });
  }
  if (!isAppleId(teamId)) {
    mistakes.push({
      severity: "broken",
      check: "apple/team-id",
      field: "teamId",
      message:
        "the team id does not have the form of Apple's team ids, which are ten capital letters and digits. Apple rejects each sign-in",
      fix: describeUpdate(provider, "teamId", "…"),
    });
  }
  if (!clientId.includes(".") || clientId.startsWith(`${teamId}.`)) {
    mistakes.push({
      severity: "broken",
      check: "apple/client-id",
      field: "clientId",
      message: clientId.includes(".")
        ? "the client id begins with the team id, as App IDs do. Websites need a Services ID"
        : "the client id has no dot, but each Services ID has one, such as com.example.login",
      fix: describeUpdate(provider, "clientId", "com.example.login"),
    });
  }
  return mistakes;
}

function readAppleIds({ fields }: CheckedProvider): Omit<AppleKey, "key"> {
  return {
    keyId: String(fields["keyId"]),
    teamId: String(fields["teamId"]),
    clientId: String(fields["clientId"]),
  };
}

async function probeApple(
  provider: CheckedProvider,
  key: KeyObject,
  context: CheckContext,
): Promise<NewFinding> {
  const secret = await signAppleClientSecret({ key, ...readAppleIds(provider) }, context.now);
  try {
    const { verdict, code } = await probeClientSecret(provider, secret, context);
    if (verdict === "accepted") {
      return acceptedByApple;
    }
    return verdict === "unclear"
      ? createUncheckedFinding(
          `Apple answers a token request with ${code}, which does not show if the client secret is valid`,
        )
      : createRejectedFinding(code);
  } catch (error) {
    if (!(error instanceof UpstreamError)) {
      throw error;
    }
    return createUncheckedFinding(error.message);
  }
}

const acceptedByApple: NewFinding = {
  severity: "note",
  check: "apple/accepted",
  field: "privateKey",
  message:
    "Apple accepts the client secret that ZITADEL makes from private key, key id, team id and client id",
  fix: "nothing to do",
};

function createRejectedFinding(code: string): NewFinding {
  return {
    severity: "broken",
    check: "apple/rejected",
    field: "privateKey",
    message: `Apple rejects the client secret that ZITADEL makes from private key, key id, team id and client id (${code}), so nobody can sign in`,
    fix: "compare all four with Apple's developer account: the key must belong to the team and be enabled for Sign in with Apple",
  };
}

function createUncheckedFinding(reason: string): NewFinding {
  return {
    severity: "unchecked",
    check: "apple/unchecked",
    field: "privateKey",
    message: `the private key was not checked with Apple: ${reason}`,
    fix: "correct this and run the check again, or test a sign-in",
  };
}
