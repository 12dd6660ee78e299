/**
 * Operations on identity providers of every type.
 *
 * @module
 */
export type { AddMethod, Made, RequestOf } from "./adds.js";
export type { AddOptions } from "./add-and-activate.js";
export { resolveCreate } from "./resolve-create.js";
export type { ResolveCreateOptions, ResolvedCreate } from "./resolve-create.js";
export { UnresolvedCreateError } from "./unresolved-create-error.js";
export type {
  Candidate,
  CandidateReason,
  UnresolvedCreateInit,
} from "./unresolved-create-error.js";
export type {
  InstanceRolesInfo,
  LDAPAttributes,
  ProviderOptions,
  SettingsByType,
} from "../../gen/providers.js";
export { createProviders } from "./create-providers.js";
export type { Providers, ProvidersOptions } from "./create-providers.js";
export type { DeleteOptions, DeleteResult } from "./delete.js";
export type { UserRef, Users } from "./linked-users.js";
export type { ListFilter } from "./list.js";
export type { ActivationOptions, ActivationResult, ActiveProviders } from "./login-policy.js";
export type { MigrationTarget } from "./migrate.js";
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
export type { Services } from "./owner.js";
export { ProviderError } from "./provider-error.js";
export type { ProviderErrorInit, ProviderErrorReason, ProviderProblem } from "./provider-error.js";
export type { UpdateOptions, UpdateResult } from "./update.js";
export type { WaitOptions } from "./wait.js";
export { apply } from "./plan/apply.js";
export type { ActionResult, ApplyOptions, ApplyResult } from "./plan/apply.js";
export type { Duplicate } from "./plan/duplicates.js";
export type {
  ActionProvider,
  CreateAction,
  CreatePolicyAction,
  DeleteAction,
  FieldChange,
  OwnerPlan,
  Plan,
  PlannedAction,
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
  Owner,
} from "./plan/desired.js";
export { exportProviders } from "./plan/export.js";
export type { ExportOptions } from "./plan/export.js";
export { formatPlan } from "./plan/format.js";
export type { FormatOptions } from "./plan/format.js";
export { plan } from "./plan/plan.js";
export type { PlanOptions, Progress } from "./plan/plan.js";
export type { PlanClient } from "./plan/plan-owner.js";
export type { StateOptions, StateStore } from "./plan/state.js";
