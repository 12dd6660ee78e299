import type { IdentityProvider, ProviderType, SecretField } from "../model/provider.js";
import type { Owner } from "./owner.js";
import type { Optional } from "../../utils/optional.js";

/**
 * The change of a value that no read returns. `set`: the provider is new, or no earlier `apply` recorded the value. `rotate`: another
 * value replaces the recorded one, or the value is sent again on request.
 */
export type SecretChange = "set" | "rotate";

/** The provider of an action. */
export interface ActionProvider {
  /** The type. */
  readonly type: IdentityProvider["type"];
  /** The name. For a rename, the name before it. */
  readonly name: string;
  /** The id. Absent if the provider has yet to be added. */
  readonly id?: string | undefined;
  /** Set for a provider of the instance that an organization activates or deactivates. Absent for the owner's own providers. */
  readonly owner?: "instance" | undefined;
}

/** A changed field, as a path such as `options.isAutoUpdate`. */
export interface FieldChange {
  /** The path of the field. */
  readonly field: string;
  /** The current value. Undefined if the provider has none. */
  readonly from: unknown;
  /** The value after the update. Undefined if the update clears the field. */
  readonly to: unknown;
}

/** A field whose value no read returns: a secret, or the URL of metadata. */
export type WrittenField = SecretField | "metadataUrl";

/** An action that creates a provider. */
export interface CreateAction {
  readonly action: "create";
  /** The provider to create. */
  readonly provider: { readonly type: ProviderType; readonly name: string };
  /** The settings without secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The secrets that the action sends, by field. */
  readonly secrets: Readonly<Optional<Record<WrittenField, SecretChange>>>;
}

/**
 * An action that changes fields of a provider. A rename is a change of the field `name`; `provider.name` is the name before the
 * rename.
 */
export interface UpdateAction {
  readonly action: "update";
  /** The provider to change. */
  readonly provider: ActionProvider & { readonly id: string; readonly type: ProviderType };
  /** The sequence of the provider on which the plan is based. */
  readonly sequence: string;
  /** The changed fields, without secrets. */
  readonly changes: readonly FieldChange[];
  /** The secrets that the action sends, by field. */
  readonly secrets: Readonly<Optional<Record<WrittenField, SecretChange>>>;
}

/** An action that creates a login policy for the organization. */
export interface CreatePolicyAction {
  readonly action: "create-login-policy";
}

/** An action that activates or deactivates a provider on the login page. */
export interface SwitchAction {
  readonly action: "activate" | "deactivate";
  /** The provider to activate or deactivate. */
  readonly provider: ActionProvider;
}

/** An action that deletes a provider. */
export interface DeleteAction {
  readonly action: "delete";
  /** The provider to delete. */
  readonly provider: ActionProvider & { readonly id: string };
  /** The sequence of the provider on which the plan is based. */
  readonly sequence: string;
  /**
   * The reason: the desired state lists the provider as absent, or no longer lists a provider that an earlier `apply` added.
   */
  readonly reason: "absent" | "pruned";
}

/** An action of a plan: a union, discriminated by `action`. */
export type PlannedAction =
  CreateAction | UpdateAction | CreatePolicyAction | SwitchAction | DeleteAction;

/** The actions for one owner, in the order in which they are carried out. */
export interface OwnerPlan {
  /** The owner of the providers. */
  readonly owner: Owner;
  /** The actions. Empty if there is nothing to do. */
  readonly actions: readonly PlannedAction[];
  /** The number of listed providers that need no change. */
  readonly unchanged: number;
  /** The number of existing providers that the desired state does not list. They stay as they are. */
  readonly unmanaged: number;
  /** The number of entries with `absent` that match no provider: the provider was deleted before, or the entry is misspelt. */
  readonly alreadyAbsent: number;
}

/** A warning about a secret of the desired state that has expired or expires within 30 days. It never contains the secret. */
export interface PlanWarning {
  /** The owner of the provider. */
  readonly owner: Owner;
  /** The provider with the secret. */
  readonly provider: {
    readonly type: ProviderType;
    readonly name: string;
    /** The id. Absent if the provider has yet to be added. */
    readonly id?: string | undefined;
  };
  /** The field of the entry with the date, e.g. `clientSecretExpires`. */
  readonly field: string;
  /** The time at which the secret expires, in ISO 8601. */
  readonly expiresAt: string;
  /** The warning as a sentence, with the fix. */
  readonly message: string;
}

/**
 * The actions that lead to the desired state. A plan is plain data without secrets: it can be shown, stored as JSON, and
 * applied later.
 */
export interface Plan {
  /** The version of the format. */
  readonly version: 1;
  /** The plans of the owners: the instance, then the organizations. */
  readonly owners: readonly OwnerPlan[];
  /** The secrets that have expired or expire within 30 days, by the dates in the desired state. Absent if there are none. */
  readonly warnings?: readonly PlanWarning[] | undefined;
}

/** Returns the name of a provider after an update. */
export function getNameAfterUpdate({ provider, changes }: UpdateAction): string {
  const change = changes.find(({ field }) => field === "name");
  return change === undefined ? provider.name : String(change.to);
}

/** Returns the number of actions of a plan. */
export function countActions({ owners }: Plan): number {
  return owners.reduce((sum, { actions }) => sum + actions.length, 0);
}
