import { isDeepEqual } from "../../utils/is-deep-equal.js";
import { listProviders } from "../list-providers.js";
import { toPlainValue } from "../model/convert-fields.js";
import { fieldsOfType, type FieldValues, isProviderType } from "../model/field-specs.js";
import type { IdentityProvider } from "../model/provider.js";
import { type OperationOptions, startOperation } from "../operation.js";
import { ProviderError } from "../provider-error.js";
import type { DesiredProvider, DesiredProviders, Owner } from "./desired-state.js";
import { createPlanApi, type PlanClient } from "./plan-actions.js";
import { checkExportArguments } from "./plan-arguments.js";

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
  const providers: IdentityProvider[] = [];
  for await (const provider of listProviders(api, {}, operation)) {
    if (provider.type !== "legacyOidc" && provider.type !== "legacyJwt") {
      providers.push(provider);
    }
  }
  const problems = providers.flatMap(({ id, name, unknown = [] }) =>
    unknown.map((path) => ({
      path: [],
      message: `provider ${id} (${name}) has ${path}, which this client does not know: the export would lose it`,
    })),
  );
  if (problems.length > 0) {
    throw new ProviderError({ reason: "unknown_content", about: "the export", problems });
  }
  const policy = active ? await api.readPolicyLinks(operation.callOptions()) : undefined;
  // An inherited policy never offers a provider of the organization.
  const offered = policy && new Set(policy.links.map(({ idpId }) => idpId));
  const names = new Map<string, number>();
  const keyOf = ({ type, name }: IdentityProvider): string => JSON.stringify([type, name]);
  for (const each of providers) {
    names.set(keyOf(each), (names.get(keyOf(each)) ?? 0) + 1);
  }
  return {
    providers: providers
      .toSorted((a, b) => (keyOf(a) + a.id < keyOf(b) + b.id ? -1 : 1))
      .map((each) => {
        const needsId = ids || (names.get(keyOf(each)) ?? 0) > 1;
        return {
          ...(needsId && { id: each.id }),
          ...toExportedSettings(each),
          ...(offered && { active: offered.has(each.id) }),
        } as DesiredProvider;
      }),
  };
}

/** Returns the settings of a provider without default values. */
function toExportedSettings(provider: IdentityProvider): FieldValues {
  const { type } = provider;
  if (!isProviderType(type)) {
    throw new Error(`${type} is no type of provider`);
  }
  const there = provider as unknown as FieldValues;
  const set = Object.entries(fieldsOfType(type)).flatMap(([name, spec]) => {
    const value = there[name];
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
