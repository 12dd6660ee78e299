import type { MessageInitShape } from "@bufbuild/protobuf";
import { IDPOwnerType, type LoginPolicy } from "zitadel-idp/idp";
import type {
  AddCustomLoginPolicyRequestSchema,
  UpdateCustomLoginPolicyRequestSchema,
} from "zitadel-idp/management";

/** The settings of a login policy that an update replaces: all fields but those of reads and those that other RPCs change. */
type PolicySettings = Omit<
  LoginPolicy,
  "$typeName" | "$unknown" | "details" | "isDefault" | "idps" | "secondFactors" | "multiFactors"
>;

/** Returns the settings of a login policy that an update must send, because it resets each setting that it leaves out. */
export function pickPolicySettings(
  policy: LoginPolicy,
): PolicySettings & MessageInitShape<typeof UpdateCustomLoginPolicyRequestSchema> {
  const {
    $typeName: _type,
    $unknown: _unknown,
    details: _details,
    isDefault: _isDefault,
    idps: _idps,
    secondFactors: _secondFactors,
    multiFactors: _multiFactors,
    ...settings
  } = policy;
  return settings;
}

/** Returns the content of a new login policy of an organization: a copy of the default policy of the instance. */
export function copyPolicy(
  policy: LoginPolicy,
): MessageInitShape<typeof AddCustomLoginPolicyRequestSchema> {
  const { secondFactors, multiFactors, idps } = policy;
  // The default policy offers providers of the instance only.
  const ownerType = IDPOwnerType.IDP_OWNER_TYPE_SYSTEM;
  const links = idps.map(({ idpId }) => ({ idpId, ownerType }));
  const settings: PolicySettings = pickPolicySettings(policy);
  return { ...settings, secondFactors, multiFactors, idps: links };
}

/** Returns true if a login policy has settings that this version does not know, which a write would lose. */
export function hasUnknownSettings({ $unknown = [] }: LoginPolicy): boolean {
  return $unknown.length > 0;
}
