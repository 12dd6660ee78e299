import { create, type DescEnum, equals } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectError } from "@connectrpc/connect";
import type { AddCustomLoginPolicyRequest } from "../../../gen/zitadel/management_pb.js";
import {
  IDPLoginPolicyLinkSchema,
  IDPOwnerType,
  IDPType,
  type IDPLoginPolicyLink,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import {
  type LoginPolicy,
  LoginPolicySchema,
  MultiFactorType,
  MultiFactorTypeSchema,
  PasswordlessType,
  SecondFactorType,
  SecondFactorTypeSchema,
} from "../../../gen/zitadel/policy_pb.js";
import { addedDetails, changedDetails, page, readDetails, touch } from "../details.js";
import { problem } from "../problem.js";
import {
  type Clock,
  type Event,
  type Owner,
  record,
  recordOne,
  type State,
  type StoredLoginPolicy,
} from "../state.js";
import { type Context, type Fields, type Handler, type Ids, pick } from "./context.js";

/** The fields that an update of a login policy replaces: all but factors and links. */
type Settings = Omit<
  AddCustomLoginPolicyRequest,
  "$typeName" | "$unknown" | "secondFactors" | "multiFactors" | "idps"
>;

export const adminLoginPolicyHandlers: Readonly<Record<string, Handler>> = {
  GetLoginPolicy: getDefault,
  UpdateLoginPolicy: update,
  ListLoginPolicyIDPs: listLinks,
  AddIDPToLoginPolicy: addLink,
  RemoveIDPFromLoginPolicy: removeLink,
};
export const managementLoginPolicyHandlers: Readonly<Record<string, Handler>> = {
  GetLoginPolicy: getEffective,
  GetDefaultLoginPolicy: getDefault,
  AddCustomLoginPolicy: addCustom,
  UpdateCustomLoginPolicy: update,
  ResetLoginPolicyToDefault: reset,
  ListLoginPolicyIDPs: listLinks,
  AddIDPToLoginPolicy: addLink,
  RemoveIDPFromLoginPolicy: removeLink,
};

/** Creates the default login policy of a new instance. */
export function createDefaultPolicy(instance: Owner, clock: Clock): StoredLoginPolicy {
  const hours = (count: number): { seconds: bigint } => ({ seconds: BigInt(count * 3600) });
  const view = create(LoginPolicySchema, {
    details: readDetails(instance, recordOne(instance, clock)),
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

/** Returns the login policy that applies to an owner: the organization's own, otherwise the default. */
function effective(owner: Owner, state: State): StoredLoginPolicy {
  const policy = owner.loginPolicy ?? state.instance.loginPolicy;
  if (policy === undefined) {
    throw problem(Code.NotFound, "QUERY-yPqIZ", "Errors.LoginPolicy.NotFound");
  }
  return policy;
}

function getEffective(_request: object, { owner, state }: Context): Fields {
  const policy = effective(owner, state);
  return { policy: withLinks(policy, owner, state), isDefault: policy.view.isDefault };
}

function getDefault(_request: object, { state }: Context): Fields {
  return { policy: withLinks(effective(state.instance, state), state.instance, state) };
}

function withLinks(policy: StoredLoginPolicy, owner: Owner, state: State): LoginPolicy {
  return { ...policy.view, idps: shownLinks(policy, owner, state) };
}

/** Returns the links that reads show. They omit links to deleted providers, which the write side keeps. */
function shownLinks(
  { links }: StoredLoginPolicy,
  owner: Owner,
  state: State,
): IDPLoginPolicyLink[] {
  return [...links].flatMap((idpId) => {
    const view = (owner.providers.get(idpId) ?? state.instance.providers.get(idpId))?.view;
    return view === undefined
      ? []
      : [
          create(IDPLoginPolicyLinkSchema, {
            idpId,
            idpName: view.name,
            idpType: linkedType(view.type),
          }),
        ];
  });
}

/** Returns the type of a link, which can only be OIDC, JWT or unspecified. */
export function linkedType(type: ProviderType | undefined): IDPType {
  return type === ProviderType.OIDC
    ? IDPType.IDP_TYPE_OIDC
    : type === ProviderType.JWT
      ? IDPType.IDP_TYPE_JWT
      : IDPType.IDP_TYPE_UNSPECIFIED;
}

function addCustom(request: AddCustomLoginPolicyRequest, { owner, state }: Context): Fields {
  const { secondFactors, multiFactors, idps, ...settings } = request;
  refuseBadUri(settings, owner, ["INST-SFdqd", "Org-WSfdq"]);
  if (!secondFactors.every((factor) => isKnown(SecondFactorTypeSchema, factor))) {
    throw problem(Code.InvalidArgument, "Org-SFeea", "Errors.Org.LoginPolicy.MFA.Unspecified");
  }
  if (!multiFactors.every((factor) => isKnown(MultiFactorTypeSchema, factor))) {
    throw problem(Code.InvalidArgument, "Org-WSfrg", "Errors.Org.LoginPolicy.MFA.Unspecified");
  }
  if (owner.loginPolicy !== undefined) {
    throw problem(Code.AlreadyExists, "Org-Dgfb2", "Errors.Org.LoginPolicy.AlreadyExists");
  }
  // The server ignores the owner type here.
  if (!idps.every(({ idpId }) => isLinkable(owner, idpId) || isLinkable(state.instance, idpId))) {
    throw problem(Code.FailedPrecondition, "Org-FEd32", "Errors.IDPConfig.NotExisting");
  }
  // One event for each factor, then one for the policy, then one for each link.
  const before = secondFactors.length + multiFactors.length;
  const events = record(owner, state.clock, before + 1 + idps.length);
  owner.loginPolicy = {
    view: create(LoginPolicySchema, {
      ...filled(settings),
      secondFactors,
      multiFactors,
      details: readDetails(owner, at(events, before)),
    }),
    links: new Set(idps.map(({ idpId }) => idpId)),
  };
  return { details: addedDetails(owner, at(events, events.length - 1)) };
}

/** Returns true if a number is a value of the enum other than "unspecified". */
function isKnown({ value }: DescEnum, number: number): boolean {
  return number !== 0 && value[number] !== undefined;
}

function update(settings: Settings, { owner, state }: Context): Fields {
  refuseBadUri(settings, owner, ["INST-SFdqd", "Org-Sfd21"]);
  const policy = owner.loginPolicy;
  if (policy === undefined) {
    throw policyProblem(owner, Code.NotFound, ["INSTANCE-M0sif", "Org-M0sif"], "NotFound");
  }
  const next = create(LoginPolicySchema, { ...policy.view, ...filled(settings) });
  if (equals(LoginPolicySchema, next, policy.view)) {
    throw policyProblem(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-5M9vdd", "Org-5M9vdd"],
      "NotChanged",
    );
  }
  const event = recordOne(owner, state.clock);
  Object.assign(policy.view, next);
  touch(policy.view.details, event);
  return { details: changedDetails(owner, event) };
}

function reset(_request: object, { owner, state }: Context): Fields {
  if (owner.loginPolicy === undefined) {
    throw policyProblem(owner, Code.NotFound, ["", "Org-GHB37"], "NotFound");
  }
  owner.loginPolicy = undefined;
  return { details: changedDetails(owner, recordOne(owner, state.clock)) };
}

function listLinks({ query }: { query?: ListQuery }, { owner, state }: Context): Fields {
  return page(shownLinks(effective(owner, state), owner, state), query, state.clock.now());
}

function addLink(
  request: { idpId: string; ownerType?: IDPOwnerType },
  { owner, state }: Context,
): Fields {
  const { idpId, ownerType = IDPOwnerType.IDP_OWNER_TYPE_SYSTEM } = request;
  const policy = owner.loginPolicy;
  if (policy === undefined) {
    throw policyProblem(owner, Code.NotFound, ["INSTANCE-GVDfe", "Org-Ffgw2"], "NotFound");
  }
  const holder = ownerType === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? state.instance : owner;
  if (!isLinkable(holder, idpId)) {
    const id = pick(owner, ["INSTANCE-m8fsd", "Org-3N9fs"]);
    throw problem(Code.FailedPrecondition, id, "Errors.IDPConfig.NotExisting");
  }
  if (policy.links.has(idpId)) {
    throw policyProblem(
      owner,
      Code.AlreadyExists,
      ["INSTANCE-2B0ps", "Org-2B0ps"],
      "IDP.AlreadyExists",
    );
  }
  policy.links.add(idpId);
  return { details: addedDetails(owner, recordOne(owner, state.clock)) };
}

function removeLink({ idpId }: { idpId: string }, { owner, state }: Context): Fields {
  const policy = owner.loginPolicy;
  if (policy === undefined) {
    throw policyProblem(owner, Code.NotFound, ["INSTANCE-Dfg4t", "Org-GVDfe"], "NotFound");
  }
  if (!policy.links.delete(idpId)) {
    throw policyProblem(owner, Code.NotFound, ["INSTANCE-39fjs", "Org-39fjs"], "IDP.NotExisting");
  }
  return { details: changedDetails(owner, recordOne(owner, state.clock)) };
}

/** Returns true if a login policy can link a provider. The server's commands do not find providers of the type ZITADEL. */
function isLinkable(holder: Owner, idpId: string): boolean {
  const type = holder.providers.get(idpId)?.view.type;
  return type !== undefined && type !== ProviderType.ZITADEL;
}

function refuseBadUri({ defaultRedirectUri: uri }: Settings, owner: Owner, ids: Ids): void {
  // JavaScript accepts characters such as braces in a host name, but the server does not.
  if (uri !== "" && (!URL.canParse(uri) || /^[^:]+:\/\/[^/?#]*[{}<>"\\^`|\s]/.test(uri))) {
    throw policyProblem(owner, Code.InvalidArgument, ids, "RedirectURIInvalid");
  }
}

/** Adds the missing lifetimes as zero, because a stored policy has them all. */
function filled(settings: Settings): Settings {
  return {
    passwordCheckLifetime: create(DurationSchema),
    externalLoginCheckLifetime: create(DurationSchema),
    mfaInitSkipLifetime: create(DurationSchema),
    secondFactorCheckLifetime: create(DurationSchema),
    multiFactorCheckLifetime: create(DurationSchema),
    ...settings,
  };
}

function policyProblem(owner: Owner, code: Code, ids: Ids, reason: string): ConnectError {
  const level = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "Instance" : "Org";
  return problem(code, pick(owner, ids), `Errors.${level}.LoginPolicy.${reason}`);
}

function at(events: readonly Event[], index: number): Event {
  const event = events[index];
  if (event === undefined) {
    throw new Error("an event for each");
  }
  return event;
}
