import { sort } from "../../utils/sort.js";
import { isDeepEqual } from "../../utils/is-deep-equal.js";
import { listAllProviders } from "../list-providers.js";
import { toPlainValue } from "../model/convert-fields.js";
import {
  getTypeFields,
  type FieldValues,
  isProviderType,
  toFieldValues,
} from "../model/field-specs.js";
import { isLegacyType, type LegacyType } from "../model/legacy-types.js";
import type { IdentityProvider } from "../model/provider.js";
import { type OperationOptions, startOperation } from "../operation.js";
import { type ProviderProblem, throwIfAny } from "../provider-error.js";
import { toProviderKey } from "./desired/desired-entry.js";
import type { DesiredProvider, DesiredProviders } from "./desired/desired-state.js";
import { toSecretDateFields } from "./desired/secret-dates.js";
import { exportInstanceEntries } from "./export-instance-entries.js";
import type { Owner } from "./owner.js";
import { createPlanApi, type PlanClient } from "./plan-context.js";
import { readApplyState, type StateOptions } from "./state/apply-state.js";

/** The options of `exportProviders`. */
export interface ExportOptions extends OperationOptions {
  /**
   * Adds the id to each provider. Default: false; then only providers that share their type and name with another provider have an
   * id.
   */
  readonly ids?: boolean | undefined;
  /** Adds the field `active` to each provider. Default: true. */
  readonly active?: boolean | undefined;
  /**
   * The state of an earlier `apply`, with the dates at which secrets expire, which ZITADEL does not know. Default: none; then the export
   * has no dates.
   */
  readonly state?: Pick<StateOptions, "store"> | undefined;
}

/** A legacy IDP that an export leaves out. */
export interface LeftOutProvider {
  /** The id. */
  readonly id: string;
  /** The type. */
  readonly type: LegacyType;
  /** The name. */
  readonly name: string;
  /** True if the login page offers the legacy IDP. Absent if the login policy was not read. */
  readonly active?: boolean | undefined;
}

/** The exported providers of an owner, and the legacy IDPs that the export leaves out, active ones first. */
interface OwnerExport {
  readonly desired: DesiredProviders;
  readonly leftOut: readonly LeftOutProvider[];
}

/** Exports the current providers of an owner, and names the legacy IDPs that a desired state cannot describe. */
export async function exportOwner(
  client: PlanClient,
  owner: Owner,
  { ids = false, active = true, state, ...operationOptions }: ExportOptions,
): Promise<OwnerExport> {
  const operation = startOperation(operationOptions);
  const { providers: records } = await readApplyState(state);
  const api = createPlanApi(client, owner);
  const all = sortProviders(await listAllProviders(api, operation));
  const providers = all.filter(({ type }) => !isLegacyType(type));
  throwIfAny("unknown_content", "the export", findUnknownContentProblems(providers));
  const policy = active ? await api.readPolicyLinks(operation.callOptions()) : undefined;
  const activeIds = policy && new Set(policy.links.map(({ idpId }) => idpId));
  const toActive = ({ id }: IdentityProvider) => activeIds && { active: activeIds.has(id) };
  const repeated = findRepeatedKeys(providers);
  const entries = providers.map((provider) => {
    const needsId = ids || repeated.has(toProviderKey(provider));
    return {
      ...(needsId && { id: provider.id }),
      ...toExportedSettings(provider),
      ...toSecretDateFields(records[provider.id]?.secretDates),
      ...toActive(provider),
    } as DesiredProvider;
  });
  // Only an organization can inherit a policy, and an inherited policy never offers a provider of the organization.
  const hasOwnPolicy = policy !== undefined && owner.owner === "org" && !policy.isInherited;
  const instanceEntries = hasOwnPolicy
    ? await exportInstanceEntries(api, policy, all, operation, { ids })
    : [];
  const needsPolicy =
    hasOwnPolicy && (instanceEntries.length > 0 || entries.some((entry) => entry.active));
  return {
    desired: {
      ...(needsPolicy && { createLoginPolicy: true }),
      providers: [...entries, ...instanceEntries],
    },
    leftOut: sort(
      all.flatMap((each) => {
        const { id, type, name } = each;
        return isLegacyType(type) ? [{ id, type, name, ...toActive(each) }] : [];
      }),
      (a, b) => Number(b.active ?? false) - Number(a.active ?? false),
    ),
  };
}

function sortProviders(providers: readonly IdentityProvider[]): IdentityProvider[] {
  return sort(providers, (a, b) => (toProviderKey(a) + a.id < toProviderKey(b) + b.id ? -1 : 1));
}

function findUnknownContentProblems(providers: readonly IdentityProvider[]): ProviderProblem[] {
  return providers.flatMap(({ id, name, unknown = [] }) =>
    unknown.map((path) => ({
      path: [],
      message: `provider ${id} (${name}) has ${path}, which this client does not know: the export would lose it`,
    })),
  );
}

/** Returns the keys that several providers share. */
function findRepeatedKeys(providers: readonly IdentityProvider[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const repeated = new Set<string>();
  for (const key of providers.map(toProviderKey)) {
    (keys.has(key) ? repeated : keys).add(key);
  }
  return repeated;
}

/** Returns the settings of a provider without default values. */
function toExportedSettings(provider: IdentityProvider): FieldValues {
  const { type } = provider;
  if (!isProviderType(type)) {
    throw new Error(`${type} is not a type of provider`);
  }
  const current = toFieldValues(provider);
  const fields = Object.entries(getTypeFields(type)).flatMap(([name, spec]) => {
    const value = current[name];
    const defaultValue = toPlainValue(spec, undefined);
    const isLeftOut =
      value === undefined || (isDeepEqual(value, defaultValue) && name !== "nameIdFormat");
    return isLeftOut
      ? []
      : [
          [
            name,
            spec.kind === "object"
              ? omitDefaults(value as FieldValues, defaultValue as FieldValues)
              : value,
          ],
        ];
  });
  return { type, ...Object.fromEntries(fields) };
}

function omitDefaults(value: FieldValues, defaults: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(value).filter(([name, each]) => !isDeepEqual(each, defaults[name])),
  );
}
