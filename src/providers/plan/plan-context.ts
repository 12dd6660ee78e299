import { advice } from "../../zitadel/advice-phrases.js";
import { optionText } from "../../utils/option-text.js";
import { type Operation, startOperation } from "../operation.js";
import { createOwnerApi, type OwnerApi, type Services } from "../owner-api.js";
import { createProblem, type ProviderProblem, throwIfAny } from "../provider-error.js";
import { isDesiredProvider, splitEntry } from "./desired/desired-entry.js";
import { listWriteOnlyValues } from "./desired/desired-fields.js";
import { findDesiredStateProblems } from "./desired/desired-state-problems.js";
import {
  type DesiredEntry,
  type DesiredOwner,
  type DesiredState,
  toDesiredOwners,
} from "./desired/desired-state.js";
import type { Owner } from "./owner.js";
import type { MetadataLoader } from "./plan-metadata-refresh.js";
import type { PlanOptions } from "./plan-options.js";
import { createFingerprinter, type Fingerprinter } from "./state/fingerprints.js";

/** The client that `plan` and `apply` need, such as the one from `createIdpClient`. */
export interface PlanClient extends Services {
  withOrg(orgId: string): Services;
}

/** The input of `plan` and `apply`, after all checks that need no server. */
export interface PlanContext {
  readonly client: PlanClient;
  readonly owners: readonly DesiredOwner[];
  readonly operation: Operation;
  readonly fingerprinter: Fingerprinter | undefined;
  /** The entries under `instance`, whose providers an organization may name. */
  readonly instanceEntries: readonly DesiredEntry[];
  /** Loads the metadata of SAML providers whose entry has a URL. */
  readonly loadMetadata: MetadataLoader;
  /** Returns true if `rotate` selects the provider, so that its secrets are sent again. */
  rotates(id: string, name: string): boolean;
}

/** Checks the desired state and the names in `rotate`, and starts the deadline. Both `plan` and `apply` begin with it. */
export async function createPlanContext(
  client: PlanClient,
  desired: DesiredState,
  options: PlanOptions,
): Promise<PlanContext> {
  throwIfAny("invalid", optionText`${advice.desiredState}`, findDesiredStateProblems(desired));
  const operation = startOperation(options);
  const owners = toDesiredOwners(desired);
  const { rotate = false } = options;
  const rotated = new Set(typeof rotate === "boolean" ? [] : rotate);
  throwIfAny("invalid", "the options", findRotationProblems(rotated, owners));
  return {
    client,
    owners,
    operation,
    instanceEntries: desired.instance?.providers ?? [],
    fingerprinter: await createFingerprinter(options.state?.key),
    loadMetadata: createMetadataLoader(options.refresh),
    rotates: (id, name) => rotate === true || rotated.has(id) || rotated.has(name),
  };
}

/** Creates a loader that calls `refresh` only once for each URL, because each entry is planned twice (plan-owner.ts). */
function createMetadataLoader(refresh: PlanOptions["refresh"]): MetadataLoader {
  const loads = new Map<string, Promise<string>>();
  return async (metadataUrl) => {
    const load = loads.get(metadataUrl) ?? refresh?.(metadataUrl);
    if (load !== undefined) {
      loads.set(metadataUrl, load);
    }
    return await load;
  };
}

/** Creates the calls on the providers of one owner. */
export function createPlanApi(client: PlanClient, { owner, orgId }: Owner): OwnerApi {
  return createOwnerApi(orgId === undefined ? client : client.withOrg(orgId), owner);
}

/**
 * Returns a problem for each name in `rotate` that selects no secret, so that no caller believes a secret to be rotated by mistake.
 */
function findRotationProblems(
  rotated: ReadonlySet<string>,
  owners: readonly DesiredOwner[],
): ProviderProblem[] {
  const entries = owners.flatMap(({ desired }) => desired.providers.filter(isDesiredProvider));
  return [...rotated].flatMap((name) => {
    const selected = entries.filter((entry) => entry.id === name || entry.name === name);
    const message =
      selected.length === 0
        ? optionText`${advice.desiredState} has no provider with the name or id ${name}`
        : selected.every((entry) => listWriteOnlyValues(splitEntry(entry).settings).length === 0)
          ? optionText`${advice.desiredState} has no secret for ${name}`
          : undefined;
    return message === undefined ? [] : [createProblem(["rotate"], message)];
  });
}
