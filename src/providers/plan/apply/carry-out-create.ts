import { isZitadelError } from "../../../policy/errors/zitadel-error.js";
import { addProvider } from "../../add-provider.js";
import { runAfterWrite } from "../../run-after-write.js";
import type { CreateAction } from "../actions.js";
import { toProviderKey, splitEntry } from "../desired/desired-entry.js";
import { listWriteOnlyValues } from "../desired/desired-fields.js";
import { describeProvider } from "../labels.js";
import type { PendingAdd } from "../state/apply-state.js";
import { createFingerprints } from "../state/fingerprints.js";
import { addPending, recordProviders, removePending } from "../state/state-changes.js";
import { type CarryOutContext, nextStep } from "./carry-out-context.js";
import {
  createDuplicateError,
  type Duplicate,
  findAddedMeanwhile,
  toDuplicateRef,
} from "./duplicates.js";
import { findEntryByName } from "./find-planned-entry.js";

/**
 * Adds a provider and returns its id. The state records the add before it begins, so that a later run can find the provider if
 * this run ends before the response.
 */
export async function carryOutCreate(
  { provider: { type, name } }: CreateAction,
  context: CarryOutContext,
): Promise<string> {
  const { api, desiredOwner, fingerprinter, journal, known, operation, addedIds } = context;
  const { owner, desired } = desiredOwner;
  const { settings, secretDates } = splitEntry(findEntryByName(desired, type, name));
  const fingerprints = await createFingerprints(listWriteOnlyValues(settings), fingerprinter);
  const add: PendingAdd = { owner, type, name, since: new Date().toISOString(), fingerprints };
  const endAdd = async (): Promise<void> =>
    await journal.change((state) => removePending(state, add));

  await journal.change((state) => addPending(state, add));
  try {
    await checkNotAddedMeanwhile(add, context);
  } catch (error) {
    await endAdd();
    throw error;
  }
  try {
    const { id } = await addProvider(api, settings, operation.callOptions(), known);
    const record = {
      made: true,
      owner,
      type,
      name,
      at: new Date().toISOString(),
      fingerprints,
      ...(secretDates && { secretDates }),
    };
    await runAfterWrite(
      { about: describeProvider(type, name), id, done: "the provider was added", next: nextStep },
      async () =>
        await journal.change((state) =>
          removePending(recordProviders(state, { [id]: record }), add),
        ),
    );
    addedIds.set(toProviderKey({ type, name }), id);
    return id;
  } catch (error) {
    if (isZitadelError(error) && error.outcome === "not_done" && error.rpc?.includes("/Add")) {
      await endAdd();
    }
    throw error;
  }
}

/** Throws a `ProviderError` if another writer has added the provider since the plan was checked: ZITADEL would accept a second one. */
async function checkNotAddedMeanwhile(
  { owner, type, name }: PendingAdd,
  { api, known, operation, onDuplicate }: CarryOutContext,
): Promise<void> {
  const others = await findAddedMeanwhile(api, { type, name }, known, operation);
  if (others.length > 0) {
    const duplicate: Duplicate = { owner, type, name, others: others.map(toDuplicateRef) };
    onDuplicate(duplicate);
    throw createDuplicateError(duplicate);
  }
}
