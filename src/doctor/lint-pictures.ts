import type { Finding } from "../lint/finding.js";
import { lintDesiredState } from "../lint/lint-desired-state.js";
import { lintOwner } from "../lint/lint-owner.js";
import type { DesiredState } from "../providers/index.js";
import { isSameOwner } from "../providers/plan/owner.js";
import type { CheckContext } from "./check-context.js";
import type { CheckedProvider } from "./checked-provider.js";
import { findSecretDates } from "./find-secret-dates.js";
import { withCommand } from "./with-command.js";
import type { OwnerPicture } from "./owner-picture.js";

/** Returns what the lint rules find in the providers and the login policies of the server. */
export function lintPictures(pictures: readonly OwnerPicture[]): Finding[] {
  const hasInstance = pictures.some(({ owner: { owner } }) => owner === "instance");
  return pictures.flatMap(
    ({ owner, providers, instanceProviders, offered, policy, isInherited }) => {
      const findings = lintOwner({
        owner,
        providers,
        instanceProviders,
        offered,
        allowExternalIdp: policy?.allowExternalIdp,
      });
      // The login policy of the instance is reported once, there.
      return (
        isInherited && hasInstance
          ? findings.filter((finding) => !isAboutPolicy(finding))
          : findings
      ).map(addCommand);
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
  pictures: readonly OwnerPicture[],
  { now, withinMs }: Pick<CheckContext, "now" | "withinMs">,
): Finding[] {
  const ofEntries = lintDesiredState(desired).map(({ finding }) => finding);
  const ofDates = findSecretDates(desired, now, withinMs);
  return [
    ...lintPictures(pictures).filter(isAboutPolicy),
    ...[...ofEntries, ...ofDates].map((finding) => withId(finding, providers)),
  ];
}

function withId(finding: Finding, providers: readonly CheckedProvider[]): Finding {
  const { owner, provider } = finding;
  const id = providers.find(
    (each) =>
      isSameOwner(each.owner, owner) && each.type === provider?.type && each.name === provider.name,
  )?.id;
  return provider === undefined || id === undefined
    ? finding
    : addCommand({ ...finding, provider: { ...provider, id } });
}

function addCommand(finding: Finding): Finding {
  const { owner, provider } = finding;
  return provider === undefined
    ? finding
    : withCommand(finding, { owner, type: provider.type, id: provider.id });
}

function isAboutPolicy({ check }: Finding): boolean {
  return check === "policy/external-idp-off" || check === "policy/offered-but-deleted";
}
