import type { IdentityProvider, ProviderType, SecretField } from "../model/provider.js";
import type { Owner } from "./desired.js";

/** What happens to a value that nobody can read back: it is given to a new provider, or in place of one that is there. */
export type SecretChange = "set" | "rotate";

/** The provider that an action is about. */
export interface ActionProvider {
  readonly type: IdentityProvider["type"];
  readonly name: string;
  /** Absent, if it is still to be made. */
  readonly id?: string;
}

/** A field that changes, as a path such as `options.isAutoUpdate`. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Fields whose values no read returns: secrets, and the URL of metadata. */
export type WrittenField = SecretField | "metadataUrl";

/** Adds a provider. */
export interface CreateAction {
  readonly action: "create";
  readonly provider: { readonly type: ProviderType; readonly name: string };
  /** Without secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Partial<Record<WrittenField, SecretChange>>>;
}

/** Changes fields of a provider. A rename is a change of the field `name`; `provider.name` is the name before it. */
export interface UpdateAction {
  readonly action: "update";
  readonly provider: ActionProvider & { readonly id: string; readonly type: ProviderType };
  /** The state of the provider on which the plan is built. */
  readonly sequence: string;
  readonly changes: readonly FieldChange[];
  readonly secrets: Readonly<Partial<Record<WrittenField, SecretChange>>>;
}

/** Gives the organization a login policy of its own. */
export interface CreatePolicyAction {
  readonly action: "create-login-policy";
}

/** Has the login page offer a provider, or not. */
export interface SwitchAction {
  readonly action: "activate" | "deactivate";
  readonly provider: ActionProvider;
}

/** Deletes a provider. */
export interface DeleteAction {
  readonly action: "delete";
  readonly provider: ActionProvider & { readonly id: string };
  readonly sequence: string;
  /** Whether the desired state says that it is absent, or only does not have it any more. */
  readonly reason: "absent" | "pruned";
}

export type PlannedAction =
  CreateAction | UpdateAction | CreatePolicyAction | SwitchAction | DeleteAction;

/** What is to be done for one owner, in this order. */
export interface OwnerPlan {
  readonly owner: Owner;
  readonly actions: readonly PlannedAction[];
  /** How many providers are as they should be. */
  readonly unchanged: number;
  /** How many are there that the desired state does not have: they stay as they are. */
  readonly unmanaged: number;
}

/** What is to be done. It is plain data without secrets: it can be shown, kept as JSON, and carried out later. */
export interface Plan {
  readonly version: 1;
  readonly owners: readonly OwnerPlan[];
}

/** Returns the name that a provider has after an update. */
export function nameAfter({ provider, changes }: UpdateAction): string {
  const change = changes.find(({ field }) => field === "name");
  return change === undefined ? provider.name : String(change.to);
}

/** How many actions a plan has. */
export function actionCount({ owners }: Plan): number {
  return owners.reduce((sum, { actions }) => sum + actions.length, 0);
}
