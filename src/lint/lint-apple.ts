import { trim } from "../utils/trim.js";
import { reportIf } from "./report-if.js";
import { type LintRule, readText } from "./lint-rule.js";
import { isAppleId } from "./is-apple-id.js";

/** Checks the form of Apple's ids. A Services ID cannot be told from an App ID that lacks the team id. */
export const lintApple: LintRule = ({ type, values }) => {
  if (type !== "apple") {
    return [];
  }
  const [clientId, teamId, keyId] = (["clientId", "teamId", "keyId"] as const).map((name) =>
    trim(readText(values, name)),
  ) as [string, string, string];
  const isAppId = teamId !== "" && clientId.startsWith(`${teamId}.`);
  return [
    ...reportIf(clientId !== "" && (isAppId || !clientId.includes(".")), {
      severity: "broken",
      check: "apple/client-id",
      path: ["clientId"],
      message: isAppId
        ? "the client id begins with the team id, as App IDs do; websites need a Services ID"
        : "the client id has no dot, but each Services ID has one, such as com.acme.login",
      fix: "set clientId to the identifier of the Services ID at developer.apple.com",
      change: { field: "clientId" },
    }),
    ...reportIf(teamId !== "" && !isAppleId(teamId), {
      severity: "broken",
      check: "apple/team-id",
      path: ["teamId"],
      message: "it is not a team id of Apple, which has ten capital letters and digits",
      fix: "set teamId to the one at developer.apple.com, under Membership",
      change: { field: "teamId" },
    }),
    ...reportIf(keyId !== "" && (!isAppleId(keyId) || keyId === teamId), {
      severity: "broken",
      check: "apple/key-id",
      path: ["keyId"],
      message:
        keyId === teamId
          ? "the key id is the team id"
          : "it is not a key id of Apple, which has ten capital letters and digits",
      fix: "set keyId to the one in the name of the file AuthKey_….p8",
      change: { field: "keyId" },
    }),
  ];
};
