import { isProviderType, toFieldValues } from "../providers/model/field-specs.js";
import type { IdentityProvider } from "../providers/model/provider.js";
import type { Owner } from "../providers/plan/owner.js";
import { pathText } from "../providers/provider-error.js";
import type { Finding, FindingProvider } from "./finding.js";
import { lintProvider } from "./lint-provider.js";
import type { RuleFinding } from "./lint-rule.js";
import { findSameNames } from "./same-names.js";

/** A provider that the login page offers. */
interface OfferedProvider {
  readonly id: string;
  /** The name. ZITADEL leaves it out for a moment after a write, and for deleted providers. */
  readonly name: string;
}

/** The providers of an owner, and its login policy. */
export interface OwnerPicture {
  readonly owner: Owner;
  /** The providers that the owner owns. */
  readonly providers: readonly IdentityProvider[];
  /** The providers of the instance that an organization sees. Empty for the instance itself. */
  readonly instanceProviders: readonly IdentityProvider[];
  /** The login policy that applies to the owner. */
  readonly loginPolicy: {
    readonly allowExternalIdp: boolean;
    readonly offered: readonly OfferedProvider[];
  };
}

/**
 * Checks the providers of an owner and its login policy. Sends nothing. Values that only a server knows, such as certificates of a
 * server, are not checked.
 *
 * @example
 * const findings = lintOwner({ owner: { owner: "org" }, providers, instanceProviders: [], loginPolicy });
 */
export function lintOwner(picture: OwnerPicture): Finding[] {
  const { owner, providers, loginPolicy } = picture;
  const offered = new Set(loginPolicy.offered.map(({ id }) => id));
  const isActive = ({ id }: IdentityProvider): boolean => offered.has(id);
  const ofProviders = providers.flatMap((provider) => {
    const { type } = provider;
    const findings = isProviderType(type)
      ? lintProvider({ type, values: toFieldValues(provider), active: isActive(provider) })
      : [];
    return findings.map((finding) => toFinding(owner, provider, finding));
  });
  const visible = [...providers, ...picture.instanceProviders];
  const namesakes = findSameNames(visible.filter(isActive)).map(({ subject, finding }) =>
    toFinding(owner, subject, finding),
  );
  return [...ofProviders, ...namesakes, ...lintLoginPolicy(picture)];
}

function lintLoginPolicy({
  owner,
  providers,
  instanceProviders,
  loginPolicy,
}: OwnerPicture): Finding[] {
  const { allowExternalIdp, offered } = loginPolicy;
  const known = new Set([...providers, ...instanceProviders].map(({ id }) => id));
  const deleted = offered.filter(({ id }) => !known.has(id));
  const isOff = !allowExternalIdp && offered.length > deleted.length;
  return [
    ...(isOff
      ? [
          {
            severity: "broken" as const,
            check: "policy/external-idp-off",
            owner,
            message:
              "the login page shows no providers, although some are active: the login policy does not allow external providers",
            fix: "turn allowExternalIdp of the login policy on",
          },
        ]
      : []),
    ...deleted.map(({ id, name }) => ({
      severity: "broken" as const,
      check: "policy/offered-but-deleted",
      owner,
      provider: { type: "unknown", name, id },
      message: "the login policy offers a provider that does not exist",
      fix: `remove it from the login policy: zitadel-idp deactivate ${id}`,
    })),
  ];
}

/** Adds the owner and the provider to the result of a rule. */
export function toFinding(
  owner: Owner,
  { type, name, id }: FindingProvider,
  { severity, check, path, message, fix }: RuleFinding,
): Finding {
  return {
    severity,
    check,
    owner,
    provider: { type, name, ...(id !== undefined && { id }) },
    ...(path.length > 0 && { field: pathText(path) }),
    message,
    fix,
  };
}
