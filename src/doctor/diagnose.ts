import { advice } from "../zitadel/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { Finding } from "../lint/finding.js";
import type { DesiredState } from "../providers/index.js";
import { mapConcurrently } from "../utils/map-concurrently.js";
import { defaultExpiryWarningMs } from "../providers/plan/default-expiry-warning-ms.js";
import { findDesiredStateProblems } from "../providers/plan/desired/desired-state-problems.js";
import { toDesiredOwners } from "../providers/plan/desired/desired-state.js";
import { isSameOwner } from "../providers/plan/owner.js";
import { throwIfAny } from "../providers/provider-error.js";
import { type Operation, startOperation } from "../providers/operation.js";
import type { CheckedProvider } from "./checked-provider.js";
import type { DiagnoseClient } from "./diagnose-client.js";
import type { DiagnoseOptions, Diagnosis } from "./diagnose-options.js";
import { findOwners, maxConcurrentOwners, type NamedOwner } from "./find-owners.js";
import {
  listCheckedProviders,
  listDesiredProviders,
  selectProviders,
  toUnreadableFinding,
} from "./find-providers.js";
import { type OwnerConfig, readOwnerConfig } from "./owner-config.js";
import { isForbidden } from "./is-forbidden.js";
import { lintDesired, lintOwnerConfigs } from "./lint-owner-configs.js";
import { mergeFindings } from "./merge-findings.js";
import { readInstance } from "./read-instance.js";
import { runChecks } from "./run-checks.js";
import { Upstream } from "./upstream/upstream.js";

/**
 * Checks if users can sign in with the providers of an instance or of organizations, or with those of a desired state. Checks the
 * servers of the providers, their certificates and keys, the options, and the login policies. Runs from this machine, without a user,
 * and changes nothing. Without a client, checks only a desired state; checks that need ZITADEL are `unchecked`.
 *
 * Rejects with a `ZitadelError` if ZITADEL cannot be reached, and with a `ProviderError` if the desired state is invalid. Any other
 * failed step is a finding.
 *
 * @example
 * const { findings } = await diagnose(zitadel, { baseUrl: "https://acme.zitadel.cloud" });
 * const broken = findings.filter(({ severity }) => severity === "broken");
 */
export async function diagnose(
  client: DiagnoseClient | undefined,
  options: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const { desired, provider, signal, onProgress } = options;
  const { withinMs = defaultExpiryWarningMs, timeoutMs = 10_000 } = options;
  const { probeSecrets = false, allowPrivate = false } = options;
  if (desired !== undefined) {
    checkDesiredForm(desired);
  }
  const operation = startOperation({ signal });
  const sockets = { proxy: options.proxy, tls: options.tls };
  const [instance, { configs, findings }] = await Promise.all([
    readInstance(client, options.baseUrl, operation),
    readOwnerConfigs(client, options, operation),
  ]);
  const providers = selectProviders(
    desired === undefined ? listCheckedProviders(configs) : listDesiredProviders(desired, configs),
    provider,
  );
  const context = {
    upstream: new Upstream({ sockets, timeoutMs, allowPrivate, withinMs, signal }),
    instance,
    now: new Date(),
    withinMs,
    timeoutMs,
    probeSecrets,
    allowPrivate,
    sockets,
    signal,
  };
  const linted =
    desired === undefined
      ? lintOwnerConfigs(configs)
      : lintDesired(desired, providers, configs, context);
  return {
    findings: mergeFindings(await runChecks(providers, context, onProgress), [
      ...findings,
      ...(provider === undefined ? linted : linted.filter(createProviderFilter(providers))),
    ]),
    checked: providers.length,
  };
}

/** Creates a filter for findings about one of these providers. */
function createProviderFilter(
  providers: readonly CheckedProvider[],
): (finding: Finding) => boolean {
  return ({ owner, provider }) =>
    providers.some(
      ({ owner: ofProvider, type, name, id }) =>
        isSameOwner(ofProvider, owner) &&
        type === provider?.type &&
        name === provider.name &&
        id === provider.id,
    );
}

/** Throws a `ProviderError` for a malformed desired state. Secrets may be missing or malformed, because the checks report this. */
function checkDesiredForm(desired: DesiredState): void {
  const secrets: readonly unknown[] = ["clientSecret", "bindPassword", "privateKey"];
  throwIfAny(
    "invalid",
    optionText`${advice.desiredState}`,
    findDesiredStateProblems(desired).filter(({ path }) => !secrets.includes(path.at(-1))),
  );
}

/** The configurations of the owners, and the findings about owners that could not be read. */
interface OwnerConfigs {
  readonly configs: readonly OwnerConfig[];
  readonly findings: readonly Finding[];
}

async function readOwnerConfigs(
  client: DiagnoseClient | undefined,
  options: DiagnoseOptions,
  operation: Operation,
): Promise<OwnerConfigs> {
  if (client === undefined) {
    return { configs: [], findings: [] };
  }
  const owners = await selectOwners(client, options, operation);
  const results = await mapConcurrently(
    owners,
    maxConcurrentOwners,
    async (owner): Promise<OwnerConfigs> => {
      try {
        return { configs: [await readOwnerConfig(client, owner, operation)], findings: [] };
      } catch (error) {
        if (isForbidden(error)) {
          return { configs: [], findings: [toUnreadableFinding(owner, error.rawMessage)] };
        }
        throw error;
      }
    },
  );
  return {
    configs: results.flatMap(({ configs }) => configs),
    findings: results.flatMap(({ findings }) => findings),
  };
}

async function selectOwners(
  client: DiagnoseClient,
  { owner, desired }: DiagnoseOptions,
  operation: Operation,
): Promise<NamedOwner[]> {
  if (owner !== undefined) {
    return [{ owner }];
  }
  return desired === undefined
    ? await findOwners(client, operation)
    : toDesiredOwners(desired).map((each) => ({ owner: each.owner }));
}
