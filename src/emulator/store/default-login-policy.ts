import { create } from "@bufbuild/protobuf";
import {
  LoginPolicySchema,
  MultiFactorType,
  PasswordlessType,
  SecondFactorType,
} from "../../../gen/zitadel/policy_pb.js";
import type { Clock } from "./clock.js";
import { recordEvent } from "./history.js";
import { createStoredDetails } from "./object-details.js";
import type { StoredOwner } from "./stored-owner.js";
import type { StoredLoginPolicy } from "./stored-provider.js";

/** Creates the default login policy of a new instance. */
export function createDefaultLoginPolicy(instance: StoredOwner, clock: Clock): StoredLoginPolicy {
  const hours = (count: number): { seconds: bigint } => ({ seconds: BigInt(count * 3600) });
  const view = create(LoginPolicySchema, {
    details: createStoredDetails(instance, recordEvent(instance, clock)),
    isDefault: true,
    allowUsernamePassword: true,
    allowRegister: true,
    allowExternalIdp: true,
    allowDomainDiscovery: true,
    passwordlessType: PasswordlessType.ALLOWED,
    passwordCheckLifetime: hours(240),
    externalLoginCheckLifetime: hours(240),
    mfaInitSkipLifetime: hours(720),
    secondFactorCheckLifetime: hours(18),
    multiFactorCheckLifetime: hours(12),
    secondFactors: [SecondFactorType.OTP, SecondFactorType.U2F],
    multiFactors: [MultiFactorType.U2F_WITH_VERIFICATION],
  });
  return { view, links: new Set() };
}
