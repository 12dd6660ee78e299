/**
 * Forms for identity providers: the fields of each type, and the rules that the operations check. For browsers too.
 *
 * @module
 */
export type { FormChoice, FormField, FormFieldKind, ProviderForm } from "./form-field.js";
export type { Finding, FindingProvider, Severity } from "../lint/finding.js";
export { lintOwner } from "../lint/lint-owner.js";
export type { LintedOwner } from "../lint/lint-owner.js";
export { httpStatusOf } from "./http-status-of.js";
export { parseViolations } from "./parse-violations.js";
export type { Violation } from "./parse-violations.js";
export { formTypes, providerForm } from "./provider-form.js";
export { providerSchema } from "./provider-schema.js";
export type { ProviderSchema, ProviderSchemaResult } from "./provider-schema.js";
export { toSettings } from "./to-settings.js";
export { validateProvider } from "./validate-provider.js";
export type { ValidateOptions } from "./validate-provider.js";
