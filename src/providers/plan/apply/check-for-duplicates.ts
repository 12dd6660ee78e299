import type { Operation } from "../../operation.js";
import type { OwnerReads } from "../../owner-reads.js";
import type { OwnerResult } from "./carry-out-actions.js";
import { findDuplicates } from "./duplicates.js";
import { isError } from "../../../utils/is-error.js";

/**
 * Adds the duplicates of the providers that were added for one owner: another run may have added them at the same time. If the
 * search fails, each of these providers gets a warning.
 */
export async function checkForDuplicates(
  carriedOut: OwnerResult,
  api: OwnerReads,
  known: ReadonlySet<string>,
  operation: Operation,
): Promise<OwnerResult> {
  const { owner, results, duplicates } = carriedOut;
  const added = results.flatMap(({ action, id }) =>
    action.action === "create" && id !== undefined ? [{ ...action.provider, id }] : [],
  );
  if (added.length === 0) {
    return carriedOut;
  }
  try {
    const found = await findDuplicates(api, owner, added, known, operation);
    return { owner, results, duplicates: [...duplicates, ...found] };
  } catch (error) {
    const why = isError(error) ? error.message : String(error);
    const warning = `could not check for a provider of the same name that another run may have added: ${why}`;
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
