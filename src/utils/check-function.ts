import { throwInvalidOption } from "./option-error.js";

/** Throws a TypeError that names `option` if its value is set and is not a function. */
export function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throwInvalidOption(option, "must be a function");
  }
}
