import { Code } from "@connectrpc/connect";
import type { MultiFactorType, SecondFactorType } from "../../../gen/zitadel/policy_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { createOwnerError } from "../errors/owner-error.js";
import { createServerError } from "../errors/server-error.js";
import type { OwnerEvent } from "../store/event-recorder.js";
import { createAddDetails, createChangeDetails, updateDetails } from "../store/object-details.js";
import { createListPage } from "./create-list-page.js";
import { findEffectivePolicy } from "./login-policy-links.js";
import type { ResponseFields, RpcContext, RpcHandler } from "./rpc-handler.js";

/** The second factors or the multi-factors of login policies: the field that stores them, and the ids of errors. */
interface FactorKind {
  readonly name: "second" | "multi";
  readonly field: "secondFactors" | "multiFactors";
  readonly alreadyExistsIds: ErrorIds;
  readonly notFoundIds: ErrorIds;
}

const second: FactorKind = {
  name: "second",
  field: "secondFactors",
  alreadyExistsIds: ["INSTANCE-2B0ps", "Org-2B0ps"],
  notFoundIds: ["INSTANCE-3M9od", "Org-3M9od"],
};
const multi: FactorKind = {
  name: "multi",
  field: "multiFactors",
  alreadyExistsIds: ["INSTANCE-3M9od", "Org-3M9od"],
  notFoundIds: ["INSTANCE-3M9df", "Org-3M9df"],
};

type Factor = SecondFactorType & MultiFactorType;

/** The RPCs on the factors of a login policy, the same on both services. */
export const loginPolicyFactorHandlers: Readonly<Record<string, RpcHandler>> = {
  ListLoginPolicySecondFactors: (_request: object, context) => listFactors(second, context),
  AddSecondFactorToLoginPolicy: ({ type }: { type: Factor }, context) =>
    addFactor(second, type, context),
  RemoveSecondFactorFromLoginPolicy: ({ type }: { type: Factor }, context) =>
    removeFactor(second, type, context),
  ListLoginPolicyMultiFactors: (_request: object, context) => listFactors(multi, context),
  AddMultiFactorToLoginPolicy: ({ type }: { type: Factor }, context) =>
    addFactor(multi, type, context),
  RemoveMultiFactorFromLoginPolicy: ({ type }: { type: Factor }, context) =>
    removeFactor(multi, type, context),
};

/** Describes the event of a factor that is added or removed. */
export function describeFactor(
  kind: FactorKind["name"],
  change: "added" | "removed",
  type: SecondFactorType | MultiFactorType,
): OwnerEvent {
  return [`policy.login.${kind}factor.${change}`, { mfaType: type }];
}

/** Lists the factors of the login policy that applies to an owner. */
function listFactors({ field }: FactorKind, { owner, state }: RpcContext): ResponseFields {
  const { view } = findEffectivePolicy(owner, state);
  return createListPage<SecondFactorType | MultiFactorType>(
    view[field],
    undefined,
    state.clock.now(),
  );
}

/**
 * Adds a factor. The write side knows the factor even if the organization has no login policy. Only the organization's own login
 * policy shows it.
 */
function addFactor(
  kind: FactorKind,
  type: Factor,
  { owner, state, events }: RpcContext,
): ResponseFields {
  const factors = owner.factors[kind.name];
  if (factors.has(type)) {
    // The server has a text for this key on organizations only.
    const level = owner === state.instance ? "Instance" : "Org.LoginPolicy";
    const id = pickErrorId(owner, kind.alreadyExistsIds);
    throw createServerError(Code.AlreadyExists, id, `Errors.${level}.MFA.AlreadyExists`);
  }
  factors.add(type);
  const event = events.record(...describeFactor(kind.name, "added", type));
  const view = owner.loginPolicy?.view;
  view?.[kind.field].push(type);
  updateDetails(view?.details, event);
  return { details: createAddDetails(owner, event) };
}

/** Removes a factor that the write side knows. */
function removeFactor(
  kind: FactorKind,
  type: Factor,
  { owner, events }: RpcContext,
): ResponseFields {
  if (!owner.factors[kind.name].delete(type)) {
    throw createOwnerError(owner, Code.NotFound, kind.notFoundIds, "LoginPolicy.MFA.NotExisting");
  }
  const event = events.record(...describeFactor(kind.name, "removed", type));
  const view = owner.loginPolicy?.view;
  if (view !== undefined) {
    const kept = view[kind.field].filter((each: number) => each !== type);
    view[kind.field].splice(0, view[kind.field].length, ...(kept as Factor[]));
    updateDetails(view.details, event);
  }
  return { details: createChangeDetails(owner, event) };
}
