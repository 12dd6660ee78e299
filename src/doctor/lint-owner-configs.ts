import { lintDesiredState } from "../lint/lint-desired-state.js";
import { listOwnerFindings } from "../lint/lint-owner.js";
import type { RemediedFinding } from "../lint/remedied-finding.js";
import type { DesiredState } from "../providers/index.js";
import { isSameOwner } from "../providers/plan/owner.js";
import type { CheckContext } from "./check-context.js";
import type { CheckedProvider } from "./checked-provider.js";
import type { DraftFinding } from "./draft-finding.js";
import { findSecretDates } from "./find-secret-dates.js";
import type { OwnerConfig } from "./owner-config.js";

/** Returns what the lint rules find in the providers and the login policies of the server. */
export function lintOwnerConfigs(pictures: readonly OwnerConfig[]): DraftFinding[] {
  const hasInstance = pictures.some(({ owner: { owner } }) => owner === "instance");
  return pictures.flatMap(
    ({ owner, providers, instanceProviders, offered, policy, isInherited }) => {
      const findings = listOwnerFindings({
        owner,
        providers,
        instanceProviders,
        offered,
        allowExternalIdp: policy?.allowExternalIdp,
      }).map(toDraft);
      // The login policy of the instance is reported once, there.
      return isInherited && hasInstance
        ? findings.filter((finding) => !isAboutPolicy(finding))
        : findings;
    },
  );
}

/**
 * Returns what the lint rules find in a desired state, the dates of its secrets, and what the rules find in the login policies of the
 * server. A finding about a provider that exists has its id, as the other findings about it.
 */
export function lintDesired(
  desired: DesiredState,
  providers: readonly CheckedProvider[],
  pictures: readonly OwnerConfig[],
  { now, withinMs }: Pick<CheckContext, "now" | "withinMs">,
): DraftFinding[] {
  const ofEntries = lintDesiredState(desired).map(toDraft);
  const ofDates = findSecretDates(desired, now, withinMs);
  return [
    ...lintOwnerConfigs(pictures).filter(isAboutPolicy),
    ...[...ofEntries, ...ofDates].map((finding) => addId(finding, providers)),
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

function toDraft({ finding, change }: RemediedFinding): DraftFinding {
  return { ...finding, change };
}

function isAboutPolicy({ check }: DraftFinding): boolean {
  return check === "policy/external-idp-off" || check === "policy/offered-but-deleted";
}
