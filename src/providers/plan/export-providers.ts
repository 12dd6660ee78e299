import { isDeepEqual } from "../../utils/is-deep-equal.js";
import { listAllProviders } from "../list-providers.js";
import { toPlainValue } from "../model/convert-fields.js";
import {
  fieldsOfType,
  type FieldValues,
  isProviderType,
  toFieldValues,
} from "../model/field-specs.js";
import type { IdentityProvider } from "../model/provider.js";
import { type OperationOptions, startOperation } from "../operation.js";
import { type ProviderProblem, throwIfAny } from "../provider-error.js";
import { providerKey } from "./desired/desired-entry.js";
import type { DesiredProvider, DesiredProviders } from "./desired/desired-state.js";
import type { Owner } from "./owner.js";
import { checkExportArguments } from "./plan-arguments.js";
import { createPlanApi, type PlanClient } from "./plan-context.js";
import { sort } from "../../utils/sort.js";

/** The options of `exportProviders`. */
export interface ExportOptions extends OperationOptions {
  /**
   * Adds the id to each provider. Default: false; then only providers that share their type and name with another one have an
   * id.
   */
  readonly ids?: boolean | undefined;
  /** Adds to each provider whether it is active on the login page. Default: true. */
  readonly active?: boolean | undefined;
}

/**
 * Exports the current providers of an owner as a desired state that `plan` reports as up to date. Leaves out secrets, which
 * cannot be read, legacy IDPs, which are read-only here, and fields with their default value.
 *
 * @example
 * const organization = await exportProviders(zitadel, { owner: "org" });
 * const { owners } = await plan(zitadel, { organization });
 */
export async function exportProviders(
  client: PlanClient,
  owner: Owner,
  options: ExportOptions = {},
): Promise<DesiredProviders> {
  checkExportArguments(client, owner, options);
  const { ids = false, active = true, ...operationOptions } = options;
  const operation = startOperation(operationOptions);
  const api = createPlanApi(client, owner);
  const providers = (await listAllProviders(api, operation)).filter(
    ({ type }) => type !== "legacyOidc" && type !== "legacyJwt",
  );
  throwIfAny("unknown_content", "the export", findUnknownContentProblems(providers));
  const policy = active ? await api.readPolicyLinks(operation.callOptions()) : undefined;
  // An inherited policy never offers a provider of the organization.
  const activeIds = policy && new Set(policy.links.map(({ idpId }) => idpId));
  const repeated = findRepeatedKeys(providers);
  return {
    providers: sort(providers, (a, b) =>
      providerKey(a) + a.id < providerKey(b) + b.id ? -1 : 1,
    ).map((provider) => {
      const needsId = ids || repeated.has(providerKey(provider));
      return {
        ...(needsId && { id: provider.id }),
        ...toExportedSettings(provider),
        ...(activeIds && { active: activeIds.has(provider.id) }),
      } as DesiredProvider;
    }),
  };
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
  for (const key of providers.map(providerKey)) {
    (keys.has(key) ? repeated : keys).add(key);
  }
  return repeated;
}

/** Returns the settings of a provider without default values. */
function toExportedSettings(provider: IdentityProvider): FieldValues {
  const { type } = provider;
  if (!isProviderType(type)) {
    throw new Error(`${type} is no type of provider`);
  }
  const current = toFieldValues(provider);
  const set = Object.entries(fieldsOfType(type)).flatMap(([name, spec]) => {
    const value = current[name];
    const standard = toPlainValue(spec, undefined);
    const isLeftOut =
      value === undefined || (isDeepEqual(value, standard) && name !== "nameIdFormat");
    return isLeftOut
      ? []
      : [
          [
            name,
            spec.kind === "object"
              ? omitDefaults(value as FieldValues, standard as FieldValues)
              : value,
          ],
        ];
  });
  return { type, ...Object.fromEntries(set) };
}

function omitDefaults(value: FieldValues, standard: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(value).filter(([name, each]) => !isDeepEqual(each, standard[name])),
  );
}
