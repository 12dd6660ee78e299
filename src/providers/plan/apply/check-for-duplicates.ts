import type { Operation } from "../../operation.js";
import type { OwnerReads } from "../../owner-reads.js";
import type { OwnerResult } from "./carry-out-actions.js";
import { findDuplicates } from "./duplicates.js";
import { isError } from "../../../utils/is-error.js";

/**
 * Adds to a result the duplicates of its new providers, which another run may have added at the same time. If the search fails, each new
 * provider gets a warning.
 */
export async function checkForDuplicates(
  ownerResult: OwnerResult,
  api: OwnerReads,
  known: ReadonlySet<string>,
  operation: Operation,
): Promise<OwnerResult> {
  const { owner, results, duplicates } = ownerResult;
  const added = results.flatMap(({ action, id }) =>
    action.action === "create" && id !== undefined ? [{ ...action.provider, id }] : [],
  );
  if (added.length === 0) {
    return ownerResult;
  }
  try {
    const found = await findDuplicates(api, { owner, added, known }, operation);
    return { owner, results, duplicates: [...duplicates, ...found] };
  } catch (error) {
    const reason = isError(error) ? error.message : String(error);
    const warning = `could not check if another run has added a provider of the same name: ${reason}`;
    return {
      owner,
      results: results.map((result) =>
        result.action.action === "create" && result.id !== undefined
          ? { ...result, warnings: [...(result.warnings ?? []), warning] }
          : result,
      ),
      duplicates,
    };
  }
}
