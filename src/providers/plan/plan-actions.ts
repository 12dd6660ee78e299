import { listProviders } from "../list-providers.js";
import { findValueProblems } from "../model/checks/field-values.js";
import { findInexpressibleChanges } from "../model/checks/inexpressible-changes.js";
import type { FieldValues } from "../model/field-specs.js";
import type { IdentityProvider } from "../model/provider.js";
import type { Operation } from "../operation.js";
import { findUnknownPolicyContent } from "../own-login-policy.js";
import { createOwnerApi, type OwnerApi, type Services } from "../owner-api.js";
import type { OwnerReads } from "../owner-reads.js";
import type { ProviderProblem } from "../provider-error.js";
import type {
  OwnerPlan,
  PlannedAction,
  SecretChange,
  UpdateAction,
  WrittenField,
} from "./actions.js";
import type { ApplyState, Fingerprinter, Fingerprints } from "./apply-state.js";
import {
  compareFields,
  readableSettings,
  toDesiredFields,
  writeOnlyFields,
  writeOnlyValues,
} from "./compare-fields.js";
import {
  describeProvider,
  type DesiredOwner,
  type DesiredProvider,
  isAbsent,
  type Owner,
  splitEntry,
} from "./desired-state.js";
import type { ProviderMatch } from "./find-entry-provider.js";
import { matchProviders } from "./match-providers.js";

/** The client that `plan` and `apply` need, such as the one from `createIdpClient`. */
export interface PlanClient extends Services {
  withOrg(orgId: string): Services;
}

/** The input of a plan besides the desired state. */
export interface PlanContext {
  readonly client: PlanClient;
  readonly state: ApplyState;
  readonly fingerprints: Fingerprinter | undefined;
  /** Returns true if the secrets of a provider are to be sent again. */
  rotates(id: string, name: string): boolean;
}

/** The current providers of one owner. */
export interface CurrentProviders {
  readonly providers: readonly IdentityProvider[];
  /** The ids of the active providers. Undefined if the login policy was not read. */
  readonly active: ReadonlySet<string> | undefined;
  readonly hasInheritedPolicy: boolean;
  /** The content that a copy of the policy would lose. */
  readonly policyProblems: readonly ProviderProblem[];
}

/** Returns the calls on the providers of one owner. */
export function createPlanApi(client: PlanClient, { owner, orgId }: Owner): OwnerApi {
  return createOwnerApi(orgId === undefined ? client : client.withOrg(orgId), owner);
}

/**
 * Reads the current providers of an owner: one request for each page of providers, one for the legacy IDPs if necessary, and
 * one for the login policy.
 */
export async function readCurrentProviders(
  api: OwnerReads,
  withPolicy: boolean,
  operation: Operation,
): Promise<CurrentProviders> {
  const providers: IdentityProvider[] = [];
  for await (const provider of listProviders(api, {}, operation)) {
    providers.push(provider);
  }
  const policy = withPolicy ? await api.readPolicyLinks(operation.callOptions()) : undefined;
  return {
    providers,
    active: policy && new Set(policy.links.map(({ idpId }) => idpId)),
    hasInheritedPolicy: policy?.isInherited ?? false,
    policyProblems: policy?.policy === undefined ? [] : findUnknownPolicyContent(policy.policy),
  };
}

/** Returns true if the desired state sets `active` for any provider. */
export function needsLoginPolicy({ desired }: DesiredOwner): boolean {
  return desired.providers.some((each) => !isAbsent(each) && each.active !== undefined);
}

/** The plan of one owner, and its problems. */
export interface PlannedOwner {
  readonly plan: OwnerPlan;
  /** The problems that conflict with the current providers. */
  readonly problems: readonly ProviderProblem[];
  /** The problems of values that are invalid by themselves and that the provider does not already have. */
  readonly invalid: readonly ProviderProblem[];
}

/** Plans the actions for one owner, or returns the problems that prevent them. */
export async function planActions(
  { owner, desired, path }: DesiredOwner,
  current: CurrentProviders,
  context: PlanContext,
): Promise<PlannedOwner> {
  const problems: ProviderProblem[] = [];
  const invalid: ProviderProblem[] = [];
  const matched = new Set<string>();
  const writes: PlannedAction[] = [];
  const switches: PlannedAction[] = [];
  const deletions: PlannedAction[] = [];
  let unchanged = 0;

  const matches = matchProviders(desired, current.providers, context.state.providers);
  for (const [index, each] of desired.providers.entries()) {
    const at = [...path, "providers", index];
    const found = matches[index];
    if (found === undefined) {
      continue;
    }
    if ("problem" in found) {
      // A provider that is listed as absent and does not exist needs no action.
      if (!(isAbsent(each) && found.isMissing)) {
        problems.push({ path: at, message: found.problem });
      }
      continue;
    }
    const { provider } = found;
    if (provider !== undefined) {
      matched.add(provider.id);
    }
    if (isAbsent(each)) {
      if (provider !== undefined) {
        deletions.push(createDeletion(provider, "absent"));
      }
      continue;
    }
    const before = writes.length + switches.length;
    const result = await planProvider(each, found, context);
    const placed = (problem: ProviderProblem): ProviderProblem => ({
      ...problem,
      path: [...at, ...problem.path],
    });
    problems.push(...result.problems.map(placed));
    const { type, ...values } = splitEntry(each).settings;
    invalid.push(
      ...findValueProblems(type, values, provider as unknown as FieldValues | undefined).map(
        placed,
      ),
    );
    writes.push(...result.actions);
    const change = createActivationChange(each, provider, current);
    if (change !== undefined) {
      switches.push(change);
      if (current.hasInheritedPolicy && desired.createLoginPolicy) {
        // Report this now, not after the providers have been added.
        problems.push(
          ...current.policyProblems.map((problem) => ({ ...problem, path: [...at, "active"] })),
        );
      }
      if (current.hasInheritedPolicy && !desired.createLoginPolicy) {
        problems.push({
          path: [...at, "active"],
          message:
            "the organization has no login policy of its own; createLoginPolicy: true creates a copy of the instance's default, which later changes of the default do not reach",
        });
      }
    }
    if (writes.length + switches.length === before) {
      unchanged++;
    }
  }

  const others = current.providers.filter(({ id }) => !matched.has(id));
  const pruned = desired.prune
    ? others.filter(({ id }) => context.state.providers[id]?.made === true)
    : [];
  deletions.push(...pruned.map((provider) => createDeletion(provider, "pruned")));
  const policy: PlannedAction[] =
    switches.length > 0 && current.hasInheritedPolicy ? [{ action: "create-login-policy" }] : [];
  return {
    plan: {
      owner,
      actions: [...writes, ...policy, ...switches, ...deletions],
      unchanged,
      unmanaged: others.length - pruned.length,
    },
    problems,
    invalid,
  };
}

function createDeletion(
  { id, type, name, sequence }: IdentityProvider,
  reason: "absent" | "pruned",
): PlannedAction {
  return { action: "delete", provider: { type, name, id }, sequence, reason };
}

function createActivationChange(
  desired: DesiredProvider,
  provider: IdentityProvider | undefined,
  { active }: CurrentProviders,
): PlannedAction | undefined {
  const { active: wanted, name, settings } = splitEntry(desired);
  const is = provider !== undefined && active?.has(provider.id) === true;
  return wanted === undefined || wanted === is
    ? undefined
    : {
        action: wanted ? "activate" : "deactivate",
        provider: { type: settings.type, name, ...(provider && { id: provider.id }) },
      };
}

interface PlannedProvider {
  readonly actions: PlannedAction[];
  readonly problems: ProviderProblem[];
}

async function planProvider(
  desired: DesiredProvider,
  { provider }: ProviderMatch,
  context: PlanContext,
): Promise<PlannedProvider> {
  const { name, settings } = splitEntry(desired);
  const { type } = settings;
  const values = writeOnlyValues(settings);
  if (provider === undefined) {
    const missing = writeOnlyFields(type).filter(
      (field) => field !== "metadataUrl" && !values.some(([given]) => given === field),
    );
    return {
      actions: [
        {
          action: "create",
          provider: { type, name },
          settings: readableSettings(settings),
          secrets: Object.fromEntries(values.map(([field]) => [field, "set" as const])),
        },
      ],
      problems: missing.map((field) => ({
        path: [field],
        message: `is required to add ${describeProvider(type, name)}, which does not exist yet`,
      })),
    };
  }
  const changes = compareFields(provider as unknown as FieldValues, toDesiredFields(settings));
  const secrets = await findSecretChanges(provider.id, name, values, context);
  if (changes.length === 0 && Object.keys(secrets).length === 0) {
    return { actions: [], problems: [] };
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
      ...findInexpressibleChanges(
        type,
        settings as unknown as FieldValues,
        provider as unknown as FieldValues,
      ),
      ...(provider.unknown ?? []).map((unknown) => ({
        path: [],
        message: `the server sent ${unknown}, which this client does not know and an update would lose`,
      })),
    ],
  };
}

async function findSecretChanges(
  id: string,
  name: string,
  values: readonly (readonly [WrittenField, string])[],
  { state, fingerprints, rotates }: PlanContext,
): Promise<Partial<Record<WrittenField, SecretChange>>> {
  const known: Fingerprints = state.providers[id]?.fingerprints ?? {};
  const changes: Partial<Record<WrittenField, SecretChange>> = {};
  for (const [field, value] of values) {
    const fingerprint = known[field];
    const isSame =
      fingerprint !== undefined && (await fingerprints?.matches(field, value, fingerprint));
    if (rotates(id, name)) {
      changes[field] = "rotate";
    } else if (fingerprints !== undefined && !isSame) {
      changes[field] = fingerprint === undefined ? "set" : "rotate";
    }
  }
  return changes;
}
