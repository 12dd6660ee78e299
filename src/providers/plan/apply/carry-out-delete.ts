import { deleteProvider } from "../../delete-provider.js";
import { isLegacyType } from "../../model/legacy-types.js";
import { removeLegacyIdp } from "../../remove-legacy-idp.js";
import { runAfterWrite } from "../../run-after-write.js";
import type { DeleteAction } from "../actions.js";
import { describeProvider } from "../labels.js";
import { removeProvider } from "../state/state-changes.js";
import { type CarryOutContext, nextStep } from "./carry-out-context.js";

/** Deletes a provider or removes a legacy IDP, and removes its record from the state. */
export async function carryOutDelete(
  { provider: { id, type, name } }: DeleteAction,
  { api, client, operation, journal }: CarryOutContext,
): Promise<void> {
  if (isLegacyType(type)) {
    await removeLegacyIdp(api, id, operation);
  } else {
    const options = { ...operation.callOptions(), evenIfLinked: true };
    await deleteProvider(api, client, id, options);
  }
  await runAfterWrite(
    { about: describeProvider(type, name), id, done: "the provider was deleted", next: nextStep },
    async () => await journal.change((state) => removeProvider(state, id)),
  );
}
