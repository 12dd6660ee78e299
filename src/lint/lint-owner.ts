import { isProviderType, toFieldValues } from "../providers/model/field-specs.js";
import type { IdentityProvider } from "../providers/model/provider.js";
import type { Owner } from "../providers/plan/owner.js";
import { formatPath } from "../providers/provider-error.js";
import type { Finding, FindingProvider } from "./finding.js";
import type { LintCheck } from "./lint-checks.js";
import { lintProvider } from "./lint-provider.js";
import type { RuleFinding } from "./lint-rule.js";
import type { FixableFinding } from "./fixable-finding.js";
import { findSameNames } from "./same-names.js";

/** The providers of an owner, and its login policy. */
export interface LintedOwner {
  /** The owner of the login policy. */
  readonly owner: Owner;
  /** The providers that the owner owns. */
  readonly providers: readonly IdentityProvider[];
  /**
   * The providers of the instance that an organization sees. Empty for the instance itself. If undefined, active providers that do not
   * exist are not reported, because they may belong to the instance.
   */
  readonly instanceProviders: readonly IdentityProvider[] | undefined;
  /** The ids of the active providers of the login policy that applies to the owner. */
  readonly offered: ReadonlySet<string>;
  /** True if that login policy allows external providers. Undefined if this is not known. */
  readonly allowExternalIdp: boolean | undefined;
}

/**
 * Checks the providers of an owner and its login policy. Sends nothing, and therefore checks no servers or certificates: see
 * `diagnose` in zitadel-idp/doctor.
 *
 * @example
 * const providers = createProviders(zitadel, { owner: "instance" });
 * const { ids } = await providers.active();
 * const list: IdentityProvider[] = [];
 * for await (const provider of providers.list()) list.push(provider);
 * const findings = lintOwner({
 *   owner: { owner: "instance" },
 *   providers: list,
 *   instanceProviders: [],
 *   offered: new Set(ids),
 *   allowExternalIdp: true,
 * });
 */
export function lintOwner(linted: LintedOwner): Finding[] {
  return listOwnerFindings(linted).map(({ finding }) => finding);
}

/** Returns the findings of `lintOwner`, with the changes that their fixes describe. */
export function listOwnerFindings(linted: LintedOwner): FixableFinding[] {
  const { owner, providers, instanceProviders = [], offered } = linted;
  const isActive = ({ id }: IdentityProvider): boolean => offered.has(id);
  const providerFindings = providers.flatMap((provider) => {
    const { type } = provider;
    const findings = isProviderType(type)
      ? lintProvider({ type, values: toFieldValues(provider), active: isActive(provider) })
      : [];
    return findings.map((finding) => toFixableFinding(owner, provider, finding));
  });
  const active = [...providers, ...instanceProviders].filter(isActive);
  const sameNameFindings = findSameNames(active).map(({ subject, finding }) =>
    toFixableFinding(owner, subject, finding),
  );
  const policyFindings = lintLoginPolicy(linted).map((finding) => ({ finding }));
  return [...providerFindings, ...sameNameFindings, ...policyFindings];
}

function lintLoginPolicy({
  owner,
  providers,
  instanceProviders,
  offered,
  allowExternalIdp,
}: LintedOwner): Finding[] {
  const existing = new Set([...providers, ...(instanceProviders ?? [])].map(({ id }) => id));
  const deleted =
    instanceProviders === undefined ? [] : [...offered].filter((id) => !existing.has(id));
  const isOff = allowExternalIdp === false && offered.size > deleted.length;
  return [
    ...(isOff
      ? [
          {
            severity: "broken" as const,
            check: "policy/external-idp-off" satisfies LintCheck,
            owner,
            message:
              "the login page shows no providers, although some are active: the login policy does not allow external providers",
            fix: "turn allowExternalIdp of the login policy on",
          },
        ]
      : []),
    ...deleted.map((id) => ({
      severity: "broken" as const,
      check: "policy/offered-but-deleted" satisfies LintCheck,
      owner,
      provider: { type: "unknown" as const, name: "", id },
      message: "the login policy contains a provider that does not exist",
      fix: `remove it from the login policy: zitadel-idp deactivate ${id}`,
    })),
  ];
}

/** Adds the owner and the provider to the result of a rule. */
export function toFixableFinding(
  owner: Owner,
  { type, name, id }: FindingProvider,
  { severity, check, path, message, fix, change }: RuleFinding,
): FixableFinding {
  const finding = {
    severity,
    check,
    owner,
    provider: { type, name, ...(id !== undefined && { id }) },
    ...(path.length > 0 && { field: formatPath(path) }),
    message,
    fix,
  };
  return { finding, change };
}
