import { isZitadelError } from "../../index.js";
import { documentedErrorIds } from "../errors/documented-error-ids.js";
import { listErrorCauses } from "./list-error-causes.js";

/**
 * Returns the line that names the section of docs/errors.md on the failed call behind an error. The list is empty if no call
 * failed, or if the document does not explain its id.
 */
export function nameErrorSection(error: unknown): string[] {
  const call = [error, ...listErrorCauses(error)].find((each) => isZitadelError(each));
  const id = call?.id ?? "";
  return documentedErrorIds.has(id) ? [`See docs/errors.md#${id.toLowerCase()}`] : [];
}
