/**
 * Operations on identity providers of every type.
 *
 * @module
 */
export type { AddMethod, Made, RequestOf } from "./resolve-create/add-methods.js";
export type { AddOptions } from "./add-and-activate.js";
export { resolveCreate } from "./resolve-create/resolve-create.js";
export type { ResolveCreateOptions, ResolvedCreate } from "./resolve-create/resolve-create.js";
export { UnresolvedCreateError } from "./resolve-create/unresolved-create-error.js";
export type {
  Candidate,
  CandidateReason,
  UnresolvedCreateInit,
} from "./resolve-create/unresolved-create-error.js";
export type {
  InstanceRolesInfo,
  LDAPAttributes,
  ProviderOptions,
  SettingsByType,
} from "../../gen/providers.js";
export { createProviders } from "./create-providers.js";
export type { Providers, ProvidersOptions } from "./providers.js";
export type { DeleteOptions, DeleteResult } from "./delete-provider.js";
export type { UserRef, Users } from "./count-linked-users.js";
export type { ListFilter } from "./list-filter.js";
export type { ActivationOptions, ActivationResult, ActiveProviders } from "./activate-provider.js";
export type { MigrationTarget } from "./migrate-provider.js";
export type {
  IdentityProvider,
  LegacyJWTProvider,
  LegacyOIDCProvider,
  ProviderInfo,
  ProviderPatch,
  ProviderSettings,
  ProviderType,
  ReadableByType,
  SecretField,
  UnknownProvider,
} from "./model/provider.js";
export type { OperationOptions } from "./operation.js";
export type { Services } from "./owner-api.js";
export { ProviderError } from "./provider-error.js";
export type { ProviderErrorInit, ProviderErrorReason, ProviderProblem } from "./provider-error.js";
export type { UpdateOptions, UpdateResult } from "./update-provider.js";
export type { WaitOptions } from "./wait-until-visible.js";
export { apply } from "./plan/apply/apply.js";
export type { ApplyOptions, ApplyResult } from "./plan/apply/apply.js";
export type { ActionResult } from "./plan/apply/action-result.js";
export type { Duplicate } from "./plan/apply/duplicates.js";
export type {
  ActionProvider,
  CreateAction,
  CreatePolicyAction,
  DeleteAction,
  FieldChange,
  OwnerPlan,
  Plan,
  PlannedAction,
  PlanWarning,
  SecretChange,
  SwitchAction,
  UpdateAction,
  WrittenField,
} from "./plan/actions.js";
export type {
  AbsentProvider,
  DesiredProvider,
  DesiredProviders,
  DesiredState,
} from "./plan/desired/desired-state.js";
export type { SecretDateFields } from "./plan/desired/secret-dates.js";
export type { Owner } from "./plan/owner.js";
export { exportProviders } from "./plan/export-providers.js";
export type { ExportOptions } from "./plan/export-owner.js";
export { formatPlan } from "./plan/format-plan.js";
export type { FormatOptions } from "./plan/format-plan.js";
export { plan } from "./plan/plan.js";
export type { PlanClient } from "./plan/plan-context.js";
export type { PlanOptions } from "./plan/plan-options.js";
export type { Progress } from "./plan/progress.js";
export type { StateOptions, StateStore } from "./plan/state/apply-state.js";
