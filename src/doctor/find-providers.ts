import type { Finding } from "../lint/finding.js";
import type { DesiredState } from "../providers/index.js";
import { isDesiredProvider, splitEntry } from "../providers/plan/desired/desired-entry.js";
import { toDesiredOwners } from "../providers/plan/desired/desired-state.js";
import { isSameOwner } from "../providers/plan/owner.js";
import type { CheckedProvider } from "./checked-provider.js";
import type { OwnerConfig } from "./owner-config.js";
import { convertDesiredProvider, toCheckedProvider } from "./to-checked-provider.js";

/** Returns the providers of the server as providers to check. */
export function listCheckedProviders(configs: readonly OwnerConfig[]): CheckedProvider[] {
  return configs.flatMap(({ owner, providers, offered }) =>
    providers.map((provider) => toCheckedProvider(owner, provider, offered.has(provider.id))),
  );
}

/**
 * Returns the providers as a desired state would make them. Fields that an entry leaves out may come from the provider of the server with
 * the same id, or the same type and name.
 */
export function listDesiredProviders(
  desired: DesiredState,
  configs: readonly OwnerConfig[],
): CheckedProvider[] {
  const current = listCheckedProviders(configs);
  return toDesiredOwners(desired).flatMap(({ owner, desired: { providers } }) =>
    providers.filter(isDesiredProvider).map((entry) => {
      const { id, settings, name } = splitEntry(entry);
      const existing = current.find(
        (each) =>
          isSameOwner(each.owner, owner) &&
          each.type === settings.type &&
          (id === undefined ? each.name === name : each.id === id),
      );
      return convertDesiredProvider(owner, entry, existing);
    }),
  );
}

/** Returns the providers with this id or name, or all providers without one. */
export function selectProviders(
  providers: readonly CheckedProvider[],
  idOrName: string | undefined,
): CheckedProvider[] {
  return idOrName === undefined
    ? [...providers]
    : providers.filter(({ id, name }) => id === idOrName || name === idOrName);
}

/** Returns the finding about an owner that the caller may not read. */
export function toUnreadableFinding(
  { owner }: Pick<OwnerConfig, "owner">,
  reason: string,
): Finding {
  return {
    severity: "unchecked",
    check: "doctor/unreadable",
    owner,
    message: `the providers and the login policy cannot be read: ${reason}`,
    fix: "use a service user with a role that may read them, such as ORG_OWNER_VIEWER or IAM_OWNER_VIEWER",
  };
}
