import { OptionError } from "../utils/option-error.js";

/** Throws a TypeError that names `option` if its value is set and is no function. */
export function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw new OptionError(option, "must be a function");
  }
}
