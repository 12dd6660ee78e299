import type { Hooks } from "../policy/observe/hooks.js";
import { throwInvalidOption } from "../utils/option-error.js";
import { checkNames } from "./check-names.js";
import { checkFunction } from "../utils/check-function.js";

/** Checks the hooks: an object of functions with known names. */
export function checkHooks(hooks: Hooks | undefined): Hooks | undefined {
  if (hooks !== undefined) {
    if (typeof hooks !== "object" || hooks === null) {
      throwInvalidOption("hooks", "must be an object of functions");
    }
    checkNames("hooks.", hooks, ["onRequest", "onResponse", "onRetry"]);
    for (const [name, value] of Object.entries(hooks)) {
      checkFunction(`hooks.${name}`, value);
    }
  }
  return hooks;
}
