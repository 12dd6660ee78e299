import { advice } from "../utils/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { Finding } from "../lint/finding.js";
import type { DesiredState } from "../providers/index.js";
import { mapConcurrently } from "../providers/plan/concurrency.js";
import { findDesiredStateProblems } from "../providers/plan/desired/desired-state-problems.js";
import { toDesiredOwners } from "../providers/plan/desired/desired-state.js";
import { isSameOwner } from "../providers/plan/owner.js";
import { throwIfAny } from "../providers/provider-error.js";
import { type Operation, startOperation } from "../providers/operation.js";
import type { CheckedProvider } from "./checked-provider.js";
import type { DiagnoseClient } from "./diagnose-client.js";
import type { DiagnoseOptions, Diagnosis } from "./diagnose-options.js";
import { findOwners, type NamedOwner } from "./find-owners.js";
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

const dayMs = 24 * 60 * 60 * 1000;
/** The number of owners that are read at the same time. */
const maxOwners = 8;

/**
 * Checks whether users can sign in with the providers of an instance or of organizations, or with those of a desired state: the servers
 * of the providers, their certificates and keys, the options, and the login policies. It runs from this machine, without a user, and
 * changes nothing. Without a client, only a desired state can be checked, and what needs ZITADEL is reported as `unchecked`.
 *
 * Rejects with a `ZitadelError` if ZITADEL cannot be reached, and with a `ProviderError` if the desired state is invalid. Any other step
 * that fails is a finding.
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
  const { withinMs = 30 * dayMs, timeoutMs = 10_000 } = options;
  const { probeSecrets = false, allowPrivate = false } = options;
  if (desired !== undefined) {
    checkDesiredForm(desired);
  }
  const operation = startOperation({ signal });
  const sockets = { proxy: options.proxy, tls: options.tls };
  const [instance, { pictures, findings }] = await Promise.all([
    readInstance(client, options.baseUrl, operation),
    readPictures(client, options, operation),
  ]);
  const providers = selectProviders(
    desired === undefined
      ? listCheckedProviders(pictures)
      : listDesiredProviders(desired, pictures),
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
      ? lintOwnerConfigs(pictures)
      : lintDesired(desired, providers, pictures, context);
  return {
    findings: mergeFindings(await runChecks(providers, context, onProgress), [
      ...findings,
      ...(provider === undefined ? linted : linted.filter(isAbout(providers))),
    ]),
    checked: providers.length,
  };
}

/** Returns a filter for findings about one of these providers. */
function isAbout(providers: readonly CheckedProvider[]): (finding: Finding) => boolean {
  return ({ owner, provider }) =>
    providers.some(
      ({ owner: ofProvider, type, name, id }) =>
        isSameOwner(ofProvider, owner) &&
        type === provider?.type &&
        name === provider.name &&
        id === provider.id,
    );
}

/** Throws if a desired state has problems of its form. A secret may be missing or malformed: that is for the checks. */
function checkDesiredForm(desired: DesiredState): void {
  const secrets: readonly unknown[] = ["clientSecret", "bindPassword", "privateKey"];
  throwIfAny(
    "invalid",
    optionText`${advice.desiredState}`,
    findDesiredStateProblems(desired).filter(({ path }) => !secrets.includes(path.at(-1))),
  );
}

/** The owners as they were read, and the findings about those that cannot be read. */
interface ReadOwners {
  readonly pictures: readonly OwnerConfig[];
  readonly findings: readonly Finding[];
}

async function readPictures(
  client: DiagnoseClient | undefined,
  options: DiagnoseOptions,
  operation: Operation,
): Promise<ReadOwners> {
  if (client === undefined) {
    return { pictures: [], findings: [] };
  }
  const owners = await selectOwners(client, options, operation);
  const results = await mapConcurrently(owners, maxOwners, async (owner): Promise<ReadOwners> => {
    try {
      return { pictures: [await readOwnerConfig(client, owner, operation)], findings: [] };
    } catch (error) {
      if (isForbidden(error)) {
        return { pictures: [], findings: [toUnreadableFinding(owner, error.rawMessage)] };
      }
      throw error;
    }
  });
  return {
    pictures: results.flatMap(({ pictures }) => pictures),
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
