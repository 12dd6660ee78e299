import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { type KnownBug, knownBugs } from "./known-bugs.js";
import { compareReleases, parseRelease, type Release } from "./release.js";

/** Reports the known bugs of the server's release that affect a provider. Reports nothing if the release is unknown. */
export async function checkKnownBugs(
  provider: CheckedProvider,
  { instance: { version }, report }: CheckContext,
): Promise<void> {
  const release = version === undefined ? undefined : parseRelease(version);
  if (release !== undefined) {
    for (const bug of knownBugs.filter(({ affects }) => affects(provider))) {
      const finding = findBug(bug, release);
      if (finding !== undefined) {
        report(finding);
      }
    }
  }
}

/** Returns the finding about a bug that a release has, or may have. */
function findBug(bug: KnownBug, release: Release): NewFinding | undefined {
  const { check, severity, field, message, workaround, change, report } = bug;
  const range = bug.affected.find(
    ({ from, fixedIn }) =>
      (from === undefined || compareReleases(release, from) >= 0) &&
      (fixedIn === undefined || compareReleases(release, fixedIn) < 0),
  );
  if (range === undefined) {
    return undefined;
  }
  const { fixedIn, seenIn } = range;
  const isCertain = seenIn === undefined || compareReleases(release, seenIn) <= 0;
  const name = release.join(".");
  const fix =
    fixedIn === undefined
      ? `${workaround}; see ${report} for a release with a fix`
      : `upgrade ZITADEL to ${fixedIn.join(".")} or later; until then: ${workaround}`;
  return isCertain
    ? {
        severity,
        check,
        field,
        message: `ZITADEL ${name} has a bug: ${message} (${report})`,
        fix,
        change,
      }
    : {
        severity: "note",
        check,
        field,
        message: `ZITADEL ${name} may have a bug that was last seen in ${seenIn.join(".")}: ${message} (${report})`,
        fix,
      };
}
