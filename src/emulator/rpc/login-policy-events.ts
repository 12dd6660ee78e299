import { type JsonObject, toJson } from "@bufbuild/protobuf";
import { type LoginPolicy, LoginPolicySchema } from "../../../gen/zitadel/policy_pb.js";
import { omitEmpty, pickChanged, renameFields, toNanoseconds } from "./event-payload.js";

/** The names of fields in events that differ from their JSON names. */
const fieldNames: Readonly<Record<string, string>> = {
  defaultRedirectUri: "defaultRedirectURI",
  forceMfa: "forceMFA",
  forceMfaLocalOnly: "forceMFALocalOnly",
};

const lifetimes = [
  "passwordCheckLifetime",
  "externalLoginCheckLifetime",
  "mfaInitSkipLifetime",
  "secondFactorCheckLifetime",
  "multiFactorCheckLifetime",
];

/** Returns the payload of the event of a new login policy. Factors and links have events of their own. */
export function describeNewPolicy(policy: LoginPolicy): JsonObject {
  return omitEmpty(toPolicyFields(policy));
}

/** Returns the payload of the event of a changed login policy: the changed settings. */
export function describePolicyChange(before: LoginPolicy, after: LoginPolicy): JsonObject {
  return pickChanged(toPolicyFields(before), toPolicyFields(after));
}

/** The fields of a login policy that its events leave out. */
const otherFields = ["details", "isDefault", "secondFactors", "multiFactors", "idps"];

/** Returns the settings of a login policy under the names that the server stores them by. */
function toPolicyFields(policy: LoginPolicy): JsonObject {
  const json = toJson(LoginPolicySchema, policy, {
    alwaysEmitImplicit: true,
    enumAsInteger: true,
  }) as JsonObject;
  const settings = Object.fromEntries(
    Object.entries(json).filter(([name]) => !otherFields.includes(name)),
  );
  const inNanoseconds = lifetimes.map((name) => [name, toNanoseconds(settings[name])]);
  return renameFields({ ...settings, ...Object.fromEntries(inNanoseconds) }, fieldNames);
}
