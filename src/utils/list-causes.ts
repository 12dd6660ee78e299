import { errorsIn } from "./errors-in.js";
import { isError } from "./is-error.js";

/** Returns the errors that caused an error, at most 16. */
export function listCauses(error: Error): Error[] {
  const chain: Error[] = [];
  const todo: unknown[] = [error.cause];
  while (todo.length > 0 && chain.length < 16) {
    const each = todo.pop();
    if (isError(each) && !chain.includes(each)) {
      chain.push(each);
      todo.push(each.cause, ...errorsIn(each));
    }
  }
  return chain;
}
