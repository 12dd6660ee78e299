import { findSettingsProblems } from "../providers/model/checks/settings-problems.js";
import type { SettingsPurpose } from "../providers/model/checks/settings-purpose.js";
import type { ProviderProblem } from "../providers/provider-error.js";
import { isPlainObject } from "../utils/is-plain-object.js";

/** Options of `validateProvider`. */
export interface ValidateOptions {
  /**
   * The purpose of the settings: `add` requires all required fields, `update` checks only the given fields. Default: `add`.
   */
  readonly purpose?: "add" | "update" | undefined;
}

/**
 * Returns the problems for which `providers.add` or `providers.update` would reject settings. The list is empty for valid settings.
 * Messages never contain the value of a field.
 *
 * @example
 * const problems = validateProvider({ type: "google", name: "Google", clientId: "" });
 * // [{ path: ["clientId"], message: "must have 1 to 200 characters; it has 0" }, …]
 */
export function validateProvider(
  settings: unknown,
  options: ValidateOptions = {},
): ProviderProblem[] {
  if (!isPlainObject(settings)) {
    return [{ path: [], message: "must be an object with the type and the fields of a provider" }];
  }
  return findSettingsProblems(settings, purposes[options.purpose ?? "add"]);
}

const purposes: Readonly<Record<"add" | "update", SettingsPurpose>> = {
  add: "add",
  update: "patch",
};
