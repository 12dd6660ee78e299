import { errorsIn } from "../../utils/errors-in.js";
import { isError } from "../../utils/is-error.js";
import { listCauses } from "../../utils/list-causes.js";

/** Returns the causes of an error, the nearest first. Leaves out an AggregateError, but not its errors. */
export function listErrorCauses(error: unknown): Error[] {
  return isError(error) ? listCauses(error).filter((cause) => errorsIn(cause).length === 0) : [];
}
