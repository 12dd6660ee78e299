import { lintDesiredState } from "../lint/lint-desired-state.js";
import { listOwnerFindings } from "../lint/lint-owner.js";
import type { FixableFinding } from "../lint/fixable-finding.js";
import type { DesiredState } from "../providers/index.js";
import { isSameOwner } from "../providers/plan/owner.js";
import type { CheckContext } from "./check-context.js";
import type { CheckedProvider } from "./checked-provider.js";
import type { DraftFinding } from "./draft-finding.js";
import { findSecretDates } from "./find-secret-dates.js";
import type { OwnerConfig } from "./owner-config.js";

/** Returns the findings of the lint rules on the providers and login policies of the server. */
export function lintOwnerConfigs(configs: readonly OwnerConfig[]): DraftFinding[] {
  const hasInstance = configs.some(({ owner: { owner } }) => owner === "instance");
  return configs.flatMap(
    ({ owner, providers, instanceProviders, offered, policy, isInherited }) => {
      const findings = listOwnerFindings({
        owner,
        providers,
        instanceProviders,
        offered,
        allowExternalIdp: policy?.allowExternalIdp,
      }).map(toDraft);
      // Report the login policy of the instance only for the instance, not for each organization that inherits it.
      return isInherited && hasInstance
        ? findings.filter((finding) => !isAboutPolicy(finding))
        : findings;
    },
  );
}

/**
 * Returns the findings of the lint rules on a desired state and on the login policies of the server, and those on the dates of secrets.
 * A finding about an existing provider has the id of the provider, like the findings of the other checks.
 */
export function lintDesired(
  desired: DesiredState,
  providers: readonly CheckedProvider[],
  configs: readonly OwnerConfig[],
  { now, withinMs }: Pick<CheckContext, "now" | "withinMs">,
): DraftFinding[] {
  const entryFindings = lintDesiredState(desired).map(toDraft);
  const dateFindings = findSecretDates(desired, now, withinMs);
  return [
    ...lintOwnerConfigs(configs).filter(isAboutPolicy),
    ...[...entryFindings, ...dateFindings].map((finding) => addId(finding, providers)),
  ];
}

function addId(finding: DraftFinding, providers: readonly CheckedProvider[]): DraftFinding {
  const { owner, provider } = finding;
  const id = providers.find(
    (each) =>
      isSameOwner(each.owner, owner) && each.type === provider?.type && each.name === provider.name,
  )?.id;
  return provider === undefined || id === undefined
    ? { ...finding, change: undefined }
    : { ...finding, provider: { ...provider, id } };
}

function toDraft({ finding, change }: FixableFinding): DraftFinding {
  return { ...finding, change };
}

function isAboutPolicy({ check }: DraftFinding): boolean {
  return check === "policy/external-idp-off" || check === "policy/offered-but-deleted";
}
