import { isZitadelError } from "../../index.js";
import { documentedErrorIds } from "../errors/documented-error-ids.js";
import { listErrorCauses } from "../errors/list-error-causes.js";

/**
 * Returns a line that names the section of docs/errors.md that explains the failed call behind an error. Returns no line if no call failed, or
 * if the document does not explain the id of its error.
 */
export function nameErrorSection(error: unknown): string[] {
  const call = [error, ...listErrorCauses(error)].find((each) => isZitadelError(each));
  const id = call?.id ?? "";
  return documentedErrorIds.has(id)
    ? [`See docs/errors.md#${id.toLowerCase()} in the package zitadel-idp`]
    : [];
}
