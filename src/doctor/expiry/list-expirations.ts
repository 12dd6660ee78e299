import { defaultConnectTimeoutMs } from "../../transport/connection-number-rules.js";
import type { DesiredState, StateOptions } from "../../providers/index.js";
import type { OperationOptions } from "../../providers/operation.js";
import { startOperation } from "../../providers/operation.js";
import { defaultExpiryWarningMs } from "../../providers/plan/default-expiry-warning-ms.js";
import type { Owner } from "../../providers/plan/owner.js";
import { readApplyState } from "../../providers/plan/state/apply-state.js";
import type { SocketOptions } from "../../transport/socket/socket-options.js";
import { sort } from "../../utils/sort.js";
import { Upstream } from "../upstream/upstream.js";
import type { DiagnoseClient } from "../diagnose-client.js";
import { type Expiration, type Expirations, toExpiration } from "./expiration.js";
import { type OwnedProvider, indexProviders } from "./index-providers.js";
import { listSecretDates } from "./list-secret-dates.js";
import { readOwners } from "./read-owners.js";
import { readHostDates } from "./read-host-dates.js";
import { readProviderDates } from "./read-provider-dates.js";

/** Options of `listExpirations`. */
export interface ListExpirationsOptions extends OperationOptions, SocketOptions {
  /**
   * The owner whose providers are read. Default: all owners that the caller may read. With the permission `iam.read`, these are the
   * instance and all organizations, otherwise only the organization of the client.
   */
  readonly owner?: Owner | undefined;
  /** The desired state with the dates of secrets, which replace those of `state`. */
  readonly desired?: DesiredState | undefined;
  /** The state in which `apply` keeps the dates of secrets. */
  readonly state?: Pick<StateOptions, "store"> | undefined;
  /** The time within which an expiry counts as `expiring`, in milliseconds. Default: 30 days. */
  readonly withinMs?: number | undefined;
  /** False to leave out the certificates of the providers' servers, and not to connect to these servers. Default: true. */
  readonly servers?: boolean | undefined;
}

/**
 * Lists all things of providers that expire: the certificates in SAML metadata, in root CAs and of the providers' servers, the SAML
 * metadata themselves, and secrets with a date in the desired state or in the state. Sends one request per 200 providers of each owner,
 * connects to each server for at most 10 seconds, and changes nothing.
 *
 * Rejects with a `ZitadelError` if ZITADEL cannot be reached, and with an `Error` for a damaged state. Owners that the caller may not
 * read, and servers that do not answer, are in `unchecked`.
 *
 * @example
 * const { items } = await listExpirations(zitadel, { state: { store } });
 * const soon = items.filter(({ daysLeft }) => daysLeft < 14);
 */
export async function listExpirations(
  client: DiagnoseClient,
  options: ListExpirationsOptions = {},
): Promise<Expirations> {
  const { owner, desired, withinMs = defaultExpiryWarningMs } = options;
  const now = new Date();
  const state = await readApplyState(options.state);
  const { owners, unchecked } = await readOwners(client, owner, desired, startOperation(options));
  const byId = indexProviders(owners);
  const providers = [...byId.values()].map(readProviderDates);
  const hosts = options.servers === false ? noHosts : await readHosts([...byId.values()], options);
  const dates = [
    ...hosts.dates,
    ...providers.flatMap((each) => each.dates),
    ...listSecretDates({ owner, desired, state, owners, byId }),
  ];
  const items = dates.map((each) => toExpiration(each, now));
  const end = new Date(now.getTime() + withinMs).toISOString();
  return {
    items: sort(items, (a, b) => (toSortKey(a) < toSortKey(b) ? -1 : 1)),
    expiring: items.filter(({ expiresAt }) => expiresAt <= end).length,
    unchecked: [...unchecked, ...providers.flatMap((each) => each.unchecked), ...hosts.unchecked],
  };
}

const noHosts: Awaited<ReturnType<typeof readHostDates>> = { dates: [], unchecked: [] };

async function readHosts(
  providers: readonly OwnedProvider[],
  { proxy, tls, signal }: ListExpirationsOptions,
): ReturnType<typeof readHostDates> {
  const upstream = new Upstream({
    sockets: { proxy, tls },
    timeoutMs: defaultConnectTimeoutMs,
    allowPrivate: false,
    withinMs: 0,
    signal,
  });
  return await readHostDates(providers, { upstream, timeoutMs: defaultConnectTimeoutMs, signal });
}

function toSortKey({ expiresAt, owner, provider, field }: Expiration): string {
  return [expiresAt, owner.orgId ?? owner.owner, provider.type, provider.name, field].join("\n");
}
