import { notify } from "../utils/notify.js";
import { mapConcurrently } from "../utils/map-concurrently.js";
import { isError } from "../utils/is-error.js";
import type { CheckContext } from "./check-context.js";
import { checkKnownBugs } from "./checks/version/check-known-bugs.js";
import type { CheckedProvider } from "./checked-provider.js";
import type { DraftFinding } from "./draft-finding.js";
import type { DiagnoseProgress } from "./diagnose-options.js";
import { providerChecks } from "./provider-checks.js";

/** The number of providers that are checked at the same time. Requests to one host have a lower limit in `Upstream`. */
const maxProviders = 32;

/** Runs all checks of all providers. Returns the findings in the order of the providers. */
export async function runChecks(
  providers: readonly CheckedProvider[],
  context: Omit<CheckContext, "report">,
  onProgress: ((progress: DiagnoseProgress) => void) | undefined,
): Promise<DraftFinding[]> {
  let done = 0;
  const findings = await mapConcurrently(providers, maxProviders, async (provider) => {
    const found = await checkProvider(provider, context);
    done++;
    notify(() => onProgress?.({ done, total: providers.length }));
    return found;
  });
  return findings.flat();
}

async function checkProvider(
  provider: CheckedProvider,
  context: Omit<CheckContext, "report">,
): Promise<DraftFinding[]> {
  const { owner, type, name, id } = provider;
  const about = { owner, provider: { type, name, ...(id !== undefined && { id }) } };
  const findings: DraftFinding[] = [];
  await Promise.all(
    [...providerChecks[type], checkKnownBugs].map(async (check) => {
      try {
        await check(provider, {
          ...context,
          report: (finding) => findings.push({ ...about, ...finding }),
        });
      } catch (error) {
        context.signal?.throwIfAborted();
        findings.push({
          ...about,
          severity: "unchecked",
          check: "doctor/failed",
          message: `a check failed: ${isError(error) ? error.message : String(error)}`,
          fix: "report this bug with the output of --debug",
        });
      }
    }),
  );
  return findings;
}
