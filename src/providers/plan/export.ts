import { fieldsOf, isProviderType, type Plain, toPlain } from "../model/fields.js";
import { isSame } from "../model/normal.js";
import type { IdentityProvider } from "../model/provider.js";
import { begin, type OperationOptions } from "../operation.js";
import { listProviders } from "../list.js";
import { ProviderError } from "../provider-error.js";
import type { DesiredProvider, DesiredProviders, Owner } from "./desired.js";
import { checkExportArguments } from "./plan-arguments.js";
import { apiOf, type PlanClient } from "./plan-owner.js";

/** What `exportProviders` takes. */
export interface ExportOptions extends OperationOptions {
  /** Whether each provider has its id. Default: only those whose type and name are not theirs alone. */
  readonly ids?: boolean | undefined;
  /** Whether each says if the login page offers it. Default: true. */
  readonly active?: boolean | undefined;
}

/**
 * What an owner has, as a desired state to which there is nothing to do. Secrets are not in it, because nobody can read them, and
 * legacy IDPs are not, because they are read-only here. Fields with their default are left out.
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
  // An inherited policy offers nothing that the organization owns.
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

/** What was set of a provider: without what is the default anyway. */
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
