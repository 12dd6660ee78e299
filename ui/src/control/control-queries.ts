import type { QueryClient, UseQueryOptions } from "@tanstack/react-query";
import type { FaultRule, LoggedRequest } from "../../../src/emulator/index.js";
import { readControl } from "./control-client.js";

/** The emulator as a whole. */
export interface EmulatorInfo {
  readonly instanceId: string;
  readonly domain: string;
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  readonly lagMs: number;
}

/** A request in the log. Its time is a text. */
export interface RequestEntry extends Omit<LoggedRequest, "at"> {
  readonly id: number;
  readonly at: string;
}

type Headers = readonly (readonly [name: string, value: string])[];

/** A request with its headers and its response. */
export interface RequestDetails extends RequestEntry {
  readonly headers?: Headers;
  readonly responseHeaders?: Headers;
  readonly responseTrailers?: Headers;
  readonly response?: unknown;
}

/** A rule that makes calls fail while it is on. */
export interface FaultEntry {
  readonly id: string;
  readonly rule: FaultRule & { readonly rpc?: string; readonly path?: string };
  readonly hits: number;
  readonly on: boolean;
}

/** A service user with its roles, or a human with its accounts at providers. */
export interface UserEntry {
  readonly id: string;
  readonly type: "service" | "human";
  readonly name: string;
  readonly organization: string;
  readonly memberships?: readonly { readonly ownerId: string; readonly roles: readonly string[] }[];
  readonly links?: readonly {
    readonly idpId: string;
    readonly userId: string;
    readonly userName: string;
  }[];
}

/** The fields of a provider with which the page names it. */
export interface ProviderEntry {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** The options of a query to the control API. */
type ControlQuery<T> = UseQueryOptions<T>;

/** The first part of the keys of all queries to the control API. */
export const controlKey = "control";

export const emulatorQuery: ControlQuery<EmulatorInfo> = {
  queryKey: [controlKey, "emulator"],
  queryFn: async () => await readControl<EmulatorInfo>(""),
};

export const rpcsQuery: ControlQuery<readonly string[]> = {
  queryKey: [controlKey, "rpcs"],
  queryFn: async () => (await readControl<{ rpcs: readonly string[] }>("rpcs")).rpcs,
};

export const faultsQuery: ControlQuery<readonly FaultEntry[]> = {
  queryKey: [controlKey, "faults"],
  queryFn: async () => (await readControl<{ faults: readonly FaultEntry[] }>("faults")).faults,
};

export const usersQuery: ControlQuery<readonly UserEntry[]> = {
  queryKey: [controlKey, "users"],
  queryFn: async () => (await readControl<{ users: readonly UserEntry[] }>("users")).users,
};

export const providersQuery: ControlQuery<readonly ProviderEntry[]> = {
  queryKey: [controlKey, "providers"],
  queryFn: async () =>
    (await readControl<{ providers: readonly ProviderEntry[] }>("providers")).providers,
};

export const snapshotsQuery: ControlQuery<readonly string[]> = {
  queryKey: [controlKey, "snapshots"],
  queryFn: async () => (await readControl<{ snapshots: readonly string[] }>("snapshots")).snapshots,
};

export const logQuery: ControlQuery<readonly RequestEntry[]> = {
  queryKey: [controlKey, "log"],
  queryFn: async ({ client }): Promise<readonly RequestEntry[]> =>
    await readNewerEntries(client.getQueryData<readonly RequestEntry[]>([controlKey, "log"]) ?? []),
};

/** Returns the known entries that the emulator still has, followed by newer entries. */
async function readNewerEntries(known: readonly RequestEntry[]): Promise<readonly RequestEntry[]> {
  const after = known.at(-1)?.id ?? 0;
  const { requests, first, last } = await readControl<{
    requests: readonly RequestEntry[];
    first: number;
    last: number;
  }>(`log?after=${after}`);
  // The entries are from an emulator that another emulator has replaced.
  return last < after
    ? await readNewerEntries([])
    : [...known.filter(({ id }) => id >= first), ...requests];
}

/** Returns the query for one request with its headers and its response, which never change. */
export function requestQuery(id: number): ControlQuery<RequestDetails> {
  return {
    queryKey: [controlKey, "request", id],
    queryFn: async () => await readControl<RequestDetails>(`log/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
  };
}

/** The parts of the emulator whose changes it reports. */
export type ChangedPart = "requests" | "state" | "controls";

/** The parts on which each query depends, by the name in its key. */
const partsOfQueries: Readonly<Record<string, readonly ChangedPart[]>> = {
  emulator: ["state", "controls"],
  faults: ["requests", "controls"],
  log: ["requests"],
  providers: ["state"],
  snapshots: ["controls"],
  users: ["state"],
};

/** Refetches the queries on the screen that depend on a changed part. The queries of the console depend on the state. */
export async function refresh(cache: QueryClient, part: ChangedPart): Promise<void> {
  await cache.invalidateQueries({
    predicate: ({ queryKey: [first, name] }) =>
      first === controlKey
        ? partsOfQueries[String(name)]?.includes(part) === true
        : part === "state",
  });
}
