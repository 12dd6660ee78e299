import type { ManagementClient } from "../../management.js";
import { isZitadelError } from "../../policy/errors/zitadel-error.js";
import { activateProvider, deactivateProvider } from "../activate-provider.js";
import { addProvider } from "../add-provider.js";
import { deleteProvider } from "../delete-provider.js";
import type { FieldValues } from "../model/field-specs.js";
import type { Operation } from "../operation.js";
import { copyDefaultPolicy } from "../own-login-policy.js";
import type { OwnerApi } from "../owner-api.js";
import { ProviderError } from "../provider-error.js";
import { runAfterWrite } from "../run-after-write.js";
import { updateProvider } from "../update-provider.js";
import {
  type CreateAction,
  nameAfterUpdate,
  type PlannedAction,
  type UpdateAction,
} from "./actions.js";
import type { Fingerprinter, Fingerprints, StateJournal } from "./apply-state.js";
import type { ActionResult } from "./apply.js";
import { toDesiredFields, writeOnlyValues } from "./compare-fields.js";
import {
  describeProvider,
  type DesiredOwner,
  type DesiredProvider,
  isAbsent,
  splitEntry,
} from "./desired-state.js";
import {
  createDuplicateError,
  type Duplicate,
  findAddedMeanwhile,
  toDuplicateRef,
} from "./duplicates.js";
import { isSameOwner } from "./plan-owner.js";

/** The context in which actions are carried out. */
export interface CarryOut {
  readonly fingerprints: Fingerprinter | undefined;
  readonly journal: StateJournal;
  readonly operation: Operation;
  readonly management: ManagementClient;
  /** The ids of the providers that existed when the plan was checked. */
  readonly known: ReadonlySet<string>;
  /** Called with a provider that another writer has added in the meantime. */
  onDuplicate(duplicate: Duplicate): void;
  onDone(): void;
}

/** Carries out the actions of one owner in order. After the first failure, the remaining actions are skipped. */
export async function carryOut(
  api: OwnerApi,
  wanted: DesiredOwner,
  actions: readonly PlannedAction[],
  context: CarryOut,
): Promise<ActionResult[]> {
  const { owner } = wanted;
  const made = new Map<string, string>();
  const results: ActionResult[] = [];
  let hasFailed = false;
  for (const action of actions) {
    if (hasFailed) {
      results.push({ owner, action, status: "skipped" });
      continue;
    }
    try {
      const outcome = await carryOutOne(api, wanted, action, made, context);
      results.push({ owner, action, status: "done", ...outcome });
    } catch (error) {
      hasFailed = true;
      results.push({ owner, action, status: "failed", error });
    }
    context.onDone();
  }
  return results;
}

async function carryOutOne(
  api: OwnerApi,
  wanted: DesiredOwner,
  action: PlannedAction,
  made: Map<string, string>,
  context: CarryOut,
): Promise<Pick<ActionResult, "id" | "warnings">> {
  switch (action.action) {
    case "create": {
      const id = await create(api, wanted, action, context);
      made.set(keyOf(action.provider), id);
      return { id };
    }
    case "update":
      await update(api, wanted, action, context);
      return { id: action.provider.id };
    case "activate":
    case "deactivate": {
      const id = action.provider.id ?? made.get(keyOf(action.provider));
      if (id === undefined) {
        throw new Error(
          `${describeProvider(action.provider.type, action.provider.name)} was not added`,
        );
      }
      const change = action.action === "activate" ? activateProvider : deactivateProvider;
      const { warnings } = await change(api, id, context.operation.callOptions());
      return { id, ...(warnings.length > 0 && { warnings }) };
    }
    case "create-login-policy":
      await copyDefaultPolicy(api, context.operation);
      return {};
    default: {
      const { id } = action.provider;
      const { management } = context;
      await deleteProvider(api, management, id, {
        ...context.operation.callOptions(),
        evenIfLinked: true,
      });
      const about = describeProvider(action.provider.type, action.provider.name);
      await runAfterWrite({ about, id, done: "the provider was deleted", next }, async () =>
        context.journal.change(({ providers: { [id]: _gone, ...providers }, pending }) => ({
          providers,
          pending,
        })),
      );
      return { id };
    }
  }
}

async function create(
  api: OwnerApi,
  { owner, desired }: DesiredOwner,
  { provider: { type, name } }: CreateAction,
  { fingerprints, journal, operation, known, onDuplicate }: CarryOut,
): Promise<string> {
  const { settings } = splitEntry(
    desiredOf(desired.providers, (each) => each.type === type && splitEntry(each).name === name),
  );
  const sent = await fingerprintsOf(writeOnlyValues(settings), fingerprints);
  const isThis = (each: { owner: DesiredOwner["owner"]; type: string; name: string }): boolean =>
    isSameOwner(each.owner, owner) && each.type === type && each.name === name;
  await journal.change(({ providers, pending }) => ({
    providers,
    pending: [
      ...pending,
      { owner, type, name, since: new Date().toISOString(), fingerprints: sent },
    ],
  }));
  const end = async (added: StateJournal["current"]["providers"]): Promise<void> => {
    await journal.change(({ providers, pending }) => ({
      providers: { ...providers, ...added },
      pending: pending.filter((each) => !isThis(each)),
    }));
  };
  // Look right before the add, because ZITADEL accepts a second provider of the same name without an error.
  try {
    const twins = await findAddedMeanwhile(api, { type, name }, known, operation);
    if (twins.length > 0) {
      const duplicate: Duplicate = { owner, type, name, others: twins.map(toDuplicateRef) };
      onDuplicate(duplicate);
      throw createDuplicateError(duplicate);
    }
  } catch (error) {
    await end({});
    throw error;
  }
  try {
    const { id } = await addProvider(api, settings, operation.callOptions());
    const at = new Date().toISOString();
    await runAfterWrite(
      { about: describeProvider(type, name), id, done: "the provider was added", next },
      async () => end({ [id]: { made: true, owner, type, name, at, fingerprints: sent } }),
    );
    return id;
  } catch (error) {
    if (isZitadelError(error) && error.outcome === "not_done" && error.rpc?.includes("/Add")) {
      await end({});
    }
    throw error;
  }
}

async function update(
  api: OwnerApi,
  { owner, desired }: DesiredOwner,
  action: UpdateAction,
  { fingerprints, journal, operation }: CarryOut,
): Promise<void> {
  const {
    provider: { id, type },
    sequence,
    changes,
    secrets,
  } = action;
  const name = nameAfterUpdate(action);
  const each = desiredOf(desired.providers, (other) =>
    other.id === undefined
      ? other.type === type && splitEntry(other).name === name
      : other.id === id,
  );
  const { settings } = splitEntry(each);
  const wanted = toDesiredFields(settings);
  const fields = new Set(changes.map(({ field }) => field.split(".")[0] ?? ""));
  const values = writeOnlyValues(settings).filter(([field]) => field in secrets);
  const patch: FieldValues = {
    ...Object.fromEntries([...fields].map((field) => [field, wanted[field]])),
    ...Object.fromEntries(values),
  };
  await updateProvider(api, id, patch, {
    ...operation.callOptions(),
    ifSequence: sequence,
  });
  const sent = await fingerprintsOf(values, fingerprints);
  await runAfterWrite(
    { about: describeProvider(type, name), id, done: "the provider was updated", next },
    async () =>
      journal.change(({ providers, pending }) => {
        const before = providers[id];
        return {
          providers: {
            ...providers,
            [id]: {
              made: before?.made ?? false,
              owner,
              type,
              name,
              at: new Date().toISOString(),
              fingerprints: { ...before?.fingerprints, ...sent },
            },
          },
          pending,
        };
      }),
  );
}

/** The next step after a write that the state could not record. */
const next = "Run apply again: it continues where it stopped";

function desiredOf(
  providers: DesiredOwner["desired"]["providers"],
  isMeant: (each: DesiredProvider) => boolean,
): DesiredProvider {
  const found = providers.find((each): each is DesiredProvider => !isAbsent(each) && isMeant(each));
  if (found === undefined) {
    const message = "is in the plan, but not in the desired state";
    throw new ProviderError({
      reason: "stale_plan",
      about: "a provider",
      problems: [{ path: [], message }],
    });
  }
  return found;
}

async function fingerprintsOf(
  values: ReturnType<typeof writeOnlyValues>,
  fingerprints: Fingerprinter | undefined,
): Promise<Fingerprints> {
  if (fingerprints === undefined) {
    return {};
  }
  const made = values.map(async ([field, value]) => [field, await fingerprints.make(field, value)]);
  return Object.fromEntries(await Promise.all(made)) as Fingerprints;
}

function keyOf({ type, name }: { readonly type: string; readonly name: string }): string {
  return JSON.stringify([type, name]);
}
