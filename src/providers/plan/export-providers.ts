import { fieldsOf, isProviderType, type Plain, toPlain } from "../model/convert-fields.js";
import { isSame } from "../model/normalize-fields.js";
import type { IdentityProvider } from "../model/provider.js";
import { begin, type OperationOptions } from "../operation.js";
import { listProviders } from "../list-providers.js";
import { ProviderError } from "../provider-error.js";
import type { DesiredProvider, DesiredProviders, Owner } from "./desired-state.js";
import { checkExportArguments } from "./plan-arguments.js";
import { apiOf, type PlanClient } from "./plan-actions.js";

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
  const { ids = false, active = true, ...limits } = options;
  const operation = begin(limits);
  const api = apiOf(client, owner);
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
  const policy = active ? await api.policyLinks(operation.call()) : undefined;
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
          ...settingsOf(each),
          ...(offered && { active: offered.has(each.id) }),
        } as DesiredProvider;
      }),
  };
}

/** Returns the settings of a provider without default values. */
function settingsOf(provider: IdentityProvider): Plain {
  const { type } = provider;
  if (!isProviderType(type)) {
    throw new Error(`${type} is no type of provider`);
  }
  const there = provider as unknown as Plain;
  const set = Object.entries(fieldsOf(type)).flatMap(([name, spec]) => {
    const value = there[name];
    const standard = toPlain(spec, undefined);
    const isLeftOut = value === undefined || (isSame(value, standard) && name !== "nameIdFormat");
    return isLeftOut
      ? []
      : [[name, spec.kind === "object" ? differing(value as Plain, standard as Plain) : value]];
  });
  return { type, ...Object.fromEntries(set) };
}

function differing(value: Plain, standard: Plain): Plain {
  return Object.fromEntries(
    Object.entries(value).filter(([name, each]) => !isSame(each, standard[name])),
  );
}
