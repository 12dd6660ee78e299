import type { FieldValues } from "../../model/field-specs.js";
import type { ProviderSettings } from "../../model/provider.js";
import { runAfterWrite } from "../../run-after-write.js";
import { updateProvider } from "../../update-provider.js";
import { getNameAfterUpdate, type UpdateAction } from "../actions.js";
import { splitEntry } from "../desired/desired-entry.js";
import { toDesiredFields, listWriteOnlyValues } from "../desired/desired-fields.js";
import { describeProvider } from "../labels.js";
import { createFingerprints } from "../state/fingerprints.js";
import { recordProviders } from "../state/state-changes.js";
import { type CarryOutContext, nextStep } from "./carry-out-context.js";
import { findEntryByIdOrName } from "./find-planned-entry.js";

/** Updates a provider, and records the fingerprints of the secrets that were sent. A rename is an update of the name. */
export async function carryOutUpdate(
  action: UpdateAction,
  { api, desiredOwner: { owner, desired }, fingerprinter, journal, operation }: CarryOutContext,
): Promise<void> {
  const { id, type } = action.provider;
  const name = getNameAfterUpdate(action);
  const { settings, secretDates } = splitEntry(findEntryByIdOrName(desired, id, type, name));
  const secrets = listWriteOnlyValues(settings).filter(([field]) => field in action.secrets);
  const patch = { ...pickChangedFields(action, settings), ...Object.fromEntries(secrets) };
  await updateProvider(api, id, patch, {
    ...operation.callOptions(),
    ifSequence: action.sequence,
  });

  const fingerprints = await createFingerprints(secrets, fingerprinter);
  await runAfterWrite(
    { about: describeProvider(type, name), id, done: "the provider was updated", next: nextStep },
    async () =>
      await journal.change((state) => {
        const before = state.providers[id];
        const record = {
          made: before?.made ?? false,
          owner,
          type,
          name,
          at: new Date().toISOString(),
          fingerprints: { ...before?.fingerprints, ...fingerprints },
          ...(secretDates && { secretDates }),
        };
        return recordProviders(state, { [id]: record });
      }),
  );
}

/**
 * Returns the desired values of the fields that an update changes, each as a whole even if only a part of it changes. Metadata that were
 * loaded from the URL of an entry come from the action, because the entry does not contain them.
 */
function pickChangedFields({ changes }: UpdateAction, settings: ProviderSettings): FieldValues {
  const metadata = changes.find(({ field }) => field === "metadataXml");
  const desired: FieldValues = {
    ...(metadata && { metadataXml: metadata.to }),
    ...toDesiredFields(settings),
  };
  const names = new Set(changes.map(({ field }) => field.split(".")[0] ?? ""));
  return Object.fromEntries([...names].map((name) => [name, desired[name]]));
}
