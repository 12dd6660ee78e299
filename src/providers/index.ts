/**
 * Operations on identity providers of every type.
 *
 * @module
 */
export type { AddMethod, Made, RequestOf } from "./adds.js";
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
