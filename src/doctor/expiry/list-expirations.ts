import type { DesiredState, StateOptions } from "../../providers/index.js";
import type { OperationOptions } from "../../providers/operation.js";
import { startOperation } from "../../providers/operation.js";
import type { Owner } from "../../providers/plan/owner.js";
import { readApplyState } from "../../providers/plan/state/apply-state.js";
import { sort } from "../../utils/sort.js";
import type { DiagnoseClient } from "../diagnose-client.js";
import { type Expiration, type Expirations, toExpiration } from "./expiration.js";
import { indexProviders } from "./index-providers.js";
import { listSecretDates } from "./list-secret-dates.js";
import { readOwners } from "./read-owners.js";
import { readProviderDates } from "./read-provider-dates.js";

/** Options of `listExpirations`. */
export interface ListExpirationsOptions extends OperationOptions {
  /**
   * The owner whose providers are read. Default: each owner that the caller may read, which is the instance and all organizations
   * for a caller with `iam.read`, and otherwise its own organization.
   */
  readonly owner?: Owner | undefined;
  /** The desired state with the dates of secrets. They replace those of the state. */
  readonly desired?: DesiredState | undefined;
  /** The state in which `apply` keeps the dates of secrets. */
  readonly state?: Pick<StateOptions, "store"> | undefined;
  /** The time before an expiry from which it counts as `expiring`, in milliseconds. Default: 30 days. */
  readonly withinMs?: number | undefined;
}

const monthMs = 30 * 86_400_000;

/**
 * Lists everything of providers that expires: certificates of SAML metadata and of root CAs, the metadata themselves, and secrets whose
 * date is in the desired state or in the state. Sends one request per 200 providers of each owner, and changes nothing.
 *
 * Rejects with a `ZitadelError` if ZITADEL cannot be reached, and with an `Error` for a damaged state. An owner that the caller may not
 * read is in `unchecked`.
 *
 * @example
 * const { items } = await listExpirations(zitadel, { state: { store } });
 * const soon = items.filter(({ daysLeft }) => daysLeft < 14);
 */
export async function listExpirations(
  client: DiagnoseClient,
  options: ListExpirationsOptions = {},
): Promise<Expirations> {
  const { owner, desired, withinMs = monthMs } = options;
  const now = new Date();
  const state = await readApplyState(options.state);
  const { owners, unchecked } = await readOwners(client, owner, desired, startOperation(options));
  const byId = indexProviders(owners);
  const providers = [...byId.values()].map(readProviderDates);
  const dates = [
    ...providers.flatMap((each) => each.dates),
    ...listSecretDates({ owner, desired, state, owners, byId }),
  ];
  const items = dates.map((each) => toExpiration(each, now));
  const end = new Date(now.getTime() + withinMs).toISOString();
  return {
    items: sort(items, (a, b) => (toSortKey(a) < toSortKey(b) ? -1 : 1)),
    expiring: items.filter(({ expiresAt }) => expiresAt <= end).length,
    unchecked: [...unchecked, ...providers.flatMap((each) => each.unchecked)],
  };
}

function toSortKey({ expiresAt, owner, provider, field }: Expiration): string {
  return [expiresAt, owner.orgId ?? owner.owner, provider.type, provider.name, field].join("\n");
}
