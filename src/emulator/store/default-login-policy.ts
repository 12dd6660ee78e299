import { create } from "@bufbuild/protobuf";
import {
  LoginPolicySchema,
  MultiFactorType,
  PasswordlessType,
  SecondFactorType,
} from "../../../gen/zitadel/policy_pb.js";
import type { Clock } from "./clock.js";
import { recordEvents } from "./record-events.js";
import { createStoredDetails } from "./object-details.js";
import type { StoredOwner } from "./stored-owner.js";

/** Adds the default login policy to a new instance. */
export function addDefaultLoginPolicy(instance: StoredOwner, clock: Clock): void {
  const fromHours = (count: number): { seconds: bigint } => ({ seconds: BigInt(count * 3600) });
  const secondFactors = [SecondFactorType.OTP, SecondFactorType.U2F];
  const multiFactors = [MultiFactorType.U2F_WITH_VERIFICATION];
  const at = clock.now();
  recordEvents(instance, at, 1);
  const view = create(LoginPolicySchema, {
    details: createStoredDetails(instance, { sequence: instance.sequence, at }),
    isDefault: true,
    allowUsernamePassword: true,
    allowRegister: true,
    allowExternalIdp: true,
    allowDomainDiscovery: true,
    passwordlessType: PasswordlessType.ALLOWED,
    passwordCheckLifetime: fromHours(240),
    externalLoginCheckLifetime: fromHours(240),
    mfaInitSkipLifetime: fromHours(720),
    secondFactorCheckLifetime: fromHours(18),
    multiFactorCheckLifetime: fromHours(12),
    secondFactors,
    multiFactors,
  });
  instance.loginPolicy = { view, links: new Set() };
  secondFactors.forEach((factor) => instance.factors.second.add(factor));
  multiFactors.forEach((factor) => instance.factors.multi.add(factor));
}
