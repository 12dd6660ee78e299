import { deleteOwnProvider } from "../../delete-own-provider.js";
import { isLegacyType } from "../../model/legacy-types.js";
import { readToDelete } from "../../read-to-delete.js";
import { removeLegacyIdp } from "../../remove-legacy-idp.js";
import { runAfterWrite } from "../../run-after-write.js";
import type { DeleteAction } from "../actions.js";
import { describeProvider } from "../labels.js";
import { removeProvider } from "../state/state-changes.js";
import { type CarryOutContext, nextStep } from "./carry-out-context.js";

/**
 * Deletes a provider or removes a legacy IDP, and removes its record from the state. The plan has an action for each side of a
 * provider that was a legacy IDP before a migration.
 */
export async function carryOutDelete(
  { provider: { id, type, name } }: DeleteAction,
  { api, operation, journal }: CarryOutContext,
): Promise<void> {
  if (isLegacyType(type)) {
    await removeLegacyIdp(api, id, operation);
  } else {
    await deleteOwnProvider(api, await readToDelete(api, id, operation), operation);
  }
  await runAfterWrite(
    { about: describeProvider(type, name), id, done: "the provider was deleted", next: nextStep },
    async () => await journal.change((state) => removeProvider(state, id)),
  );
}
