import { findValueProblems } from "../../model/checks/value-problems.js";
import { toOwnerPath } from "../owner.js";
import type { ProviderProblem } from "../../provider-error.js";
import { isDesiredProvider, splitEntry } from "./desired-entry.js";
import { type DesiredState, toDesiredOwners } from "./desired-state.js";

/**
 * Returns the problems of the values in a well-formed desired state: values that the server rejects, and values that are certainly
 * mistakes. `plan` accepts such a value if the provider already has it.
 */
export function findDesiredValueProblems(state: DesiredState): ProviderProblem[] {
  return toDesiredOwners(state).flatMap(({ owner, desired }) =>
    desired.providers.flatMap((entry, index) => {
      if (!isDesiredProvider(entry)) {
        return [];
      }
      const { type, ...values } = splitEntry(entry).settings;
      return findValueProblems(type, values).map(({ path, message }) => ({
        path: [...toOwnerPath(owner), "providers", index, ...path],
        message,
      }));
    }),
  );
}
