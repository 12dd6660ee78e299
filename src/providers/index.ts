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
