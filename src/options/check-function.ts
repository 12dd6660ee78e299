import { throwInvalidOption } from "../utils/option-error.js";

/** Throws a TypeError that names `option` if its value is set and is no function. */
export function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throwInvalidOption(option, "must be a function");
  }
}
