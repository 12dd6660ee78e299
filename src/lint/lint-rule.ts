import type { FieldValues } from "../providers/model/field-specs.js";
import type { ProviderType } from "../providers/model/provider.js";
import type { ProblemPath } from "../providers/provider-error.js";
import type { Severity } from "./finding.js";
import type { LintCheck } from "./lint-checks.js";
import type { FixChange } from "./fixable-finding.js";

/** A provider to check. */
export interface LintSubject {
  readonly type: ProviderType;
  /** The fields, by their names in provider files. Fields that are absent have their defaults. */
  readonly values: FieldValues;
  /** True if the provider is active. Undefined if unknown. */
  readonly active: boolean | undefined;
}

/** The result of a rule, without the provider that it is about. */
export interface RuleFinding {
  readonly severity: Severity;
  readonly check: LintCheck;
  /** The location of the field below the provider. Empty for the provider as a whole. */
  readonly path: ProblemPath;
  readonly message: string;
  readonly fix: string;
  /** The change of a field that the fix describes. Absent for other fixes. */
  readonly change?: FixChange | undefined;
}

/** A rule on one provider. Returns its findings. */
export type LintRule = (subject: LintSubject) => readonly RuleFinding[];

/** The options of a provider, with their defaults. */
interface LintedOptions {
  readonly isLinkingAllowed: boolean;
  readonly isCreationAllowed: boolean;
  readonly isAutoCreation: boolean;
  readonly isAutoUpdate: boolean;
  readonly autoLinking: string;
}

/** Returns the options of a provider, with the defaults in place of absent ones. */
export function readOptions({ values }: LintSubject): LintedOptions {
  return {
    isLinkingAllowed: false,
    isCreationAllowed: false,
    isAutoCreation: false,
    isAutoUpdate: false,
    autoLinking: "unspecified",
    ...(values["options"] as Partial<LintedOptions> | undefined),
  };
}

/** Returns the text of a field, or an empty text if the field has none. */
export function readText(values: FieldValues, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

/** Returns the texts of a list, or an empty list if the field has none. */
export function readTexts(values: FieldValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
