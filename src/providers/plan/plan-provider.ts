import { findInexpressibleChanges } from "../model/checks/inexpressible-changes.js";
import { findValueProblems } from "../model/checks/value-problems.js";
import { toFieldValues } from "../model/field-specs.js";
import type { IdentityProvider } from "../model/provider.js";
import type { ProviderProblem } from "../provider-error.js";
import type { PlannedAction, SecretChange, UpdateAction, WrittenField } from "./actions.js";
import { compareFields } from "./compare-fields.js";
import { splitEntry } from "./desired/desired-entry.js";
import {
  pickReadableSettings,
  toDesiredFields,
  listWriteOnlyFields,
  listWriteOnlyValues,
} from "./desired/desired-fields.js";
import type { DesiredProvider } from "./desired/desired-state.js";
import { describeProvider } from "./labels.js";
import { planActivation } from "./plan-activation.js";
import type { PlanContext } from "./plan-context.js";
import { planMetadataRefresh } from "./plan-metadata-refresh.js";
import type { CurrentProviders } from "./read-current-providers.js";
import type { ApplyState } from "./state/apply-state.js";
import type { Fingerprints } from "./state/fingerprints.js";

/** The input of the plan of a provider, apart from the provider itself. */
export interface ActionContext extends Pick<
  PlanContext,
  "fingerprinter" | "instanceEntries" | "loadMetadata" | "rotates"
> {
  readonly state: ApplyState;
}

/** The input of the plan of a provider, with the settings of its owner. */
export interface OwnerActionContext extends ActionContext {
  /** True if the plan may create a login policy for an organization that has none of its own. */
  readonly createLoginPolicy: boolean | undefined;
}

/** The plan of one provider, and its problems. */
export interface PlannedProvider {
  readonly actions: readonly PlannedAction[];
  /** The conflicts with the current providers. */
  readonly problems: readonly ProviderProblem[];
  /** The problems of values that are invalid in themselves and that the provider does not have yet. */
  readonly invalid: readonly ProviderProblem[];
}

/** Plans the actions for an entry. `provider` is the existing provider, or undefined if the entry adds one. */
export async function planProvider(
  entry: DesiredProvider,
  provider: IdentityProvider | undefined,
  current: CurrentProviders,
  context: OwnerActionContext,
): Promise<PlannedProvider> {
  const write =
    provider === undefined ? planCreate(entry) : await planUpdate(entry, provider, context);
  const { active, name, settings } = splitEntry(entry);
  const { type, ...values } = settings;
  const actionProvider = { type, name, ...(provider && { id: provider.id }) };
  const activation = planActivation(active, actionProvider, current, context.createLoginPolicy);
  return {
    actions: [...write.actions, ...activation.actions],
    problems: [...write.problems, ...activation.problems],
    invalid: findValueProblems(type, values, provider && toFieldValues(provider)),
  };
}

type PlannedWrite = Pick<PlannedProvider, "actions" | "problems">;

/** Plans the add of a provider. */
function planCreate(entry: DesiredProvider): PlannedWrite {
  const { name, settings } = splitEntry(entry);
  const { type } = settings;
  const given = listWriteOnlyValues(settings).map(([field]) => field);
  const missing = listWriteOnlyFields(type).filter(
    (field) => field !== "metadataUrl" && !given.includes(field),
  );
  return {
    actions: [
      {
        action: "create",
        provider: { type, name },
        settings: pickReadableSettings(settings),
        secrets: Object.fromEntries(given.map((field) => [field, "set" as const])),
      },
    ],
    problems: missing.map((field) => ({
      path: [field],
      message: `is required to add ${describeProvider(type, name)}, which does not exist yet`,
    })),
  };
}

/** Plans the update of a provider that differs from its entry. A rename is an update of the name. */
async function planUpdate(
  entry: DesiredProvider,
  provider: IdentityProvider,
  context: ActionContext,
): Promise<PlannedWrite> {
  const { settings } = splitEntry(entry);
  const { type } = settings;
  const current = toFieldValues(provider);
  const secrets = await findSecretChanges(entry, provider.id, context);
  // If the URL itself is sent, ZITADEL loads the metadata.
  const refresh =
    secrets.metadataUrl === undefined
      ? await planMetadataRefresh(settings, provider, context.loadMetadata)
      : { changes: [], problems: [] };
  const changes = [...compareFields(current, toDesiredFields(settings)), ...refresh.changes];
  if (changes.length === 0 && Object.keys(secrets).length === 0) {
    return { actions: [], problems: refresh.problems };
  }
  const action: UpdateAction = {
    action: "update",
    provider: { type, name: provider.name, id: provider.id },
    sequence: provider.sequence,
    changes,
    secrets,
  };
  return {
    actions: [action],
    problems: [
      ...refresh.problems,
      ...findInexpressibleChanges(type, toFieldValues(settings), current),
      ...(provider.unknown ?? []).map((path) => ({
        path: [],
        message: `the server sent ${path}, which this client does not know and an update would lose`,
      })),
    ],
  };
}

/** Returns the secrets to send: those that the fingerprints show as new or changed, and those to send again on request. */
async function findSecretChanges(
  entry: DesiredProvider,
  id: string,
  { state, fingerprinter, rotates }: ActionContext,
): Promise<UpdateAction["secrets"]> {
  const { name, settings } = splitEntry(entry);
  const known: Fingerprints = state.providers[id]?.fingerprints ?? {};
  const changes: Partial<Record<WrittenField, SecretChange>> = {};
  for (const [field, value] of listWriteOnlyValues(settings)) {
    const fingerprint = known[field];
    const isSame =
      fingerprint !== undefined && (await fingerprinter?.matches(field, value, fingerprint));
    if (rotates(id, name)) {
      changes[field] = "rotate";
    } else if (fingerprinter !== undefined && !isSame) {
      changes[field] = fingerprint === undefined ? "set" : "rotate";
    }
  }
  return changes;
}
