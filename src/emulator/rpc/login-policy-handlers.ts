import { create, type DescEnum, equals } from "@bufbuild/protobuf";
import { type Duration, DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { AddCustomLoginPolicyRequest } from "../../../gen/zitadel/management_pb.js";
import {
  type LoginPolicy,
  LoginPolicySchema,
  MultiFactorTypeSchema,
  SecondFactorTypeSchema,
} from "../../../gen/zitadel/policy_pb.js";
import { parseGoUrl } from "../../formats/parse-go-url.js";
import { limitDuration } from "../../utils/limit-duration.js";
import { type ErrorIds } from "../errors/error-ids.js";
import { createOwnerError } from "../errors/owner-error.js";
import { createServerError } from "../errors/server-error.js";
import { type EmulatorState } from "../store/emulator-state.js";
import type { HistoryEvent } from "../store/record-events.js";
import {
  createAddDetails,
  createChangeDetails,
  createStoredDetails,
  updateDetails,
} from "../store/object-details.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { StoredLoginPolicy } from "../store/stored-provider.js";
import { describeFactor } from "./login-policy-factors.js";
import { describeNewPolicy, describePolicyChange } from "./login-policy-events.js";
import {
  addPolicyLink,
  describeLink,
  findEffectivePolicy,
  isLinkable,
  listPolicyLinks,
  removePolicyLink,
  toPolicyLinks,
} from "./login-policy-links.js";
import { type ResponseFields, type RpcContext, type RpcHandler } from "./rpc-handler.js";

/** The fields that an update of a login policy replaces: all but factors and links. */
type LoginPolicySettings = Omit<
  AddCustomLoginPolicyRequest,
  "$typeName" | "$unknown" | "secondFactors" | "multiFactors" | "idps"
>;

/** The RPCs on the default login policy, the one of the instance. */
export const adminLoginPolicyHandlers: Readonly<Record<string, RpcHandler>> = {
  GetLoginPolicy: getDefaultPolicy,
  UpdateLoginPolicy: updatePolicy,
  ListLoginPolicyIDPs: listPolicyLinks,
  AddIDPToLoginPolicy: addPolicyLink,
  RemoveIDPFromLoginPolicy: removePolicyLink,
};

/** The RPCs on the login policy of an organization. */
export const managementLoginPolicyHandlers: Readonly<Record<string, RpcHandler>> = {
  GetLoginPolicy: getEffectivePolicy,
  GetDefaultLoginPolicy: getDefaultPolicy,
  AddCustomLoginPolicy: addCustomPolicy,
  UpdateCustomLoginPolicy: updatePolicy,
  ResetLoginPolicyToDefault: resetPolicy,
  ListLoginPolicyIDPs: listPolicyLinks,
  AddIDPToLoginPolicy: addPolicyLink,
  RemoveIDPFromLoginPolicy: removePolicyLink,
};

function getEffectivePolicy(_request: object, { owner, state }: RpcContext): ResponseFields {
  const policy = findEffectivePolicy(owner, state);
  return { policy: withLinks(policy, owner, state), isDefault: policy.view.isDefault };
}

function getDefaultPolicy(_request: object, { state }: RpcContext): ResponseFields {
  return { policy: withLinks(findEffectivePolicy(state.instance, state), state.instance, state) };
}

function withLinks(
  policy: StoredLoginPolicy,
  owner: StoredOwner,
  state: EmulatorState,
): LoginPolicy {
  return { ...policy.view, idps: toPolicyLinks(policy, owner, state) };
}

function addCustomPolicy(
  request: AddCustomLoginPolicyRequest,
  { owner, state, events: recorder }: RpcContext,
): ResponseFields {
  const { secondFactors, multiFactors, idps, ...settings } = request;
  checkRedirectUri(settings, owner, ["INST-SFdqd", "Org-WSfdq"]);
  if (!secondFactors.every((factor) => isDefinedFactor(SecondFactorTypeSchema, factor))) {
    throw createServerError(
      Code.InvalidArgument,
      "Org-SFeea",
      "Errors.Org.LoginPolicy.MFA.Unspecified",
    );
  }
  if (!multiFactors.every((factor) => isDefinedFactor(MultiFactorTypeSchema, factor))) {
    throw createServerError(
      Code.InvalidArgument,
      "Org-WSfrg",
      "Errors.Org.LoginPolicy.MFA.Unspecified",
    );
  }
  if (owner.loginPolicy !== undefined) {
    throw createServerError(
      Code.AlreadyExists,
      "Org-Dgfb2",
      "Errors.Org.LoginPolicy.AlreadyExists",
    );
  }
  // The server ignores the owner type here.
  if (!idps.every(({ idpId }) => isLinkable(owner, idpId) || isLinkable(state.instance, idpId))) {
    throw createServerError(Code.FailedPrecondition, "Org-FEd32", "Errors.IDPConfig.NotExisting");
  }
  // The server writes one event for each factor, then one for the policy, then one for each link.
  const policyIndex = secondFactors.length + multiFactors.length;
  const view = create(LoginPolicySchema, {
    ...toStoredSettings(settings),
    secondFactors,
    multiFactors,
  });
  const events = recorder.recordAll([
    ...secondFactors.map((factor) => describeFactor("second", "added", factor)),
    ...multiFactors.map((factor) => describeFactor("multi", "added", factor)),
    ["policy.login.added", describeNewPolicy(view)],
    ...idps.map(({ idpId, ownerType }) => describeLink(idpId, ownerType)),
  ]);
  view.details = createStoredDetails(owner, requireEvent(events, policyIndex));
  owner.loginPolicy = { view, links: new Set(idps.map(({ idpId }) => idpId)) };
  secondFactors.forEach((factor) => owner.factors.second.add(factor));
  multiFactors.forEach((factor) => owner.factors.multi.add(factor));
  return { details: createAddDetails(owner, requireEvent(events, events.length - 1)) };
}

/** Returns true if a number is a value of the enum other than "unspecified". */
function isDefinedFactor({ value }: DescEnum, number: number): boolean {
  return number !== 0 && value[number] !== undefined;
}

function updatePolicy(
  settings: LoginPolicySettings,
  { owner, events }: RpcContext,
): ResponseFields {
  checkRedirectUri(settings, owner, ["INST-SFdqd", "Org-Sfd21"]);
  const policy = owner.loginPolicy;
  if (policy === undefined) {
    throw createOwnerError(
      owner,
      Code.NotFound,
      ["INSTANCE-M0sif", "Org-M0sif"],
      "LoginPolicy.NotFound",
    );
  }
  const next = create(LoginPolicySchema, { ...policy.view, ...toStoredSettings(settings) });
  if (equals(LoginPolicySchema, next, policy.view)) {
    throw createOwnerError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-5M9vdd", "Org-5M9vdd"],
      "LoginPolicy.NotChanged",
    );
  }
  const event = events.record("policy.login.changed", describePolicyChange(policy.view, next));
  Object.assign(policy.view, next);
  updateDetails(policy.view.details, event);
  return { details: createChangeDetails(owner, event) };
}

function resetPolicy(_request: object, { owner, events }: RpcContext): ResponseFields {
  if (owner.loginPolicy === undefined) {
    throw createOwnerError(owner, Code.NotFound, ["", "Org-GHB37"], "LoginPolicy.NotFound");
  }
  owner.loginPolicy = undefined;
  return { details: createChangeDetails(owner, events.record("policy.login.removed")) };
}

function checkRedirectUri(
  { defaultRedirectUri: uri }: LoginPolicySettings,
  owner: StoredOwner,
  ids: ErrorIds,
): void {
  if (uri !== "" && !isAbsoluteUrl(uri)) {
    throw createOwnerError(owner, Code.InvalidArgument, ids, "LoginPolicy.RedirectURIInvalid");
  }
}

function isAbsoluteUrl(uri: string): boolean {
  const { scheme = "", host = "" } = parseGoUrl(uri) ?? {};
  return scheme !== "" && (host !== "" || (scheme !== "http" && scheme !== "https"));
}

/** Returns the settings with the lifetimes that the server stores. A missing lifetime becomes zero. */
function toStoredSettings(settings: LoginPolicySettings): LoginPolicySettings {
  return {
    ...settings,
    passwordCheckLifetime: toStoredLifetime(settings.passwordCheckLifetime),
    externalLoginCheckLifetime: toStoredLifetime(settings.externalLoginCheckLifetime),
    mfaInitSkipLifetime: toStoredLifetime(settings.mfaInitSkipLifetime),
    secondFactorCheckLifetime: toStoredLifetime(settings.secondFactorCheckLifetime),
    multiFactorCheckLifetime: toStoredLifetime(settings.multiFactorCheckLifetime),
  };
}

function toStoredLifetime(lifetime: Duration | undefined): Duration {
  return create(DurationSchema, lifetime && limitDuration(lifetime));
}

function requireEvent(events: readonly HistoryEvent[], index: number): HistoryEvent {
  const event = events[index];
  if (event === undefined) {
    throw new Error(`no event at index ${index}`);
  }
  return event;
}
