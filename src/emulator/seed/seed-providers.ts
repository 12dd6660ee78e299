import { type DescMethodUnary, fromJson } from "@bufbuild/protobuf";
import { AdminService } from "../../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../../gen/zitadel/management_pb.js";
import { orgIdHeader } from "../../policy/org-id-header.js";
import { handleCall } from "../handle-call.js";
import type { MaybePromise } from "../maybe-promise.js";
import { methods } from "../methods.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { ServiceUser } from "../store/service-user.js";
import type { ProviderSeed } from "./emulator-seed.js";
import { findOrganization } from "./find-organization.js";
import { createRandomToken } from "./create-random-token.js";
import { isError } from "../../utils/is-error.js";

/**
 * Adds the providers of a seed. Returns a promise if an Add RPC is asynchronous; its rejection names the invalid provider.
 *
 * Throws a TypeError that names the first invalid provider among the synchronous ones.
 */
export function seedProviders(
  state: EmulatorState,
  seeds: readonly ProviderSeed[],
): Promise<unknown> | undefined {
  let ready: Promise<unknown> | undefined;
  for (const seed of seeds) {
    // Add the providers one after the other, because their order decides their ids and sequences.
    const added = ready?.then(() => seedProvider(state, seed)) ?? seedProvider(state, seed);
    ready = added instanceof Promise ? added : ready;
  }
  // Ignore the rejection here: the first call, or `listen`, reports it.
  ready?.catch(() => undefined);
  return ready;
}

/** Adds a provider through its own RPC, as an owner of the instance. */
function seedProvider(state: EmulatorState, seed: ProviderSeed): MaybePromise<unknown> {
  const { id, owner, rpc, request } = seed;
  const owners = [state.instance, ...state.organizations.values()];
  if (id !== undefined && owners.some(({ providers }) => providers.has(id))) {
    throw new TypeError(`seed: two providers have the id ${id}`);
  }
  const method = findAddMethod(seed);
  const organization = findOrganizationOfProvider(state, seed);
  const token = createRandomToken();
  const { clock, instance } = state;
  const created = { sequence: 1n, at: clock.now() };
  const [{ user: editor } = { user: undefined }] = state.accounts.byId.values();
  const user: ServiceUser = {
    id: "seed",
    name: "seed",
    displayName: "seed",
    created,
    ...editor,
    organization,
    isInactive: false,
    memberships: [{ owner: instance.id, roles: ["IAM_OWNER"], event: created }],
  };
  const throwSeedError = (cause: unknown): never => {
    // The message names fields and limits, never a value.
    const reason = isError(cause) ? cause.message : String(cause);
    throw new TypeError(`seed: provider of ${owner} by ${rpc}: ${reason}`, { cause });
  };
  try {
    const added = handleCall(
      {
        ...state,
        ready: undefined,
        tokens: new Map([[token, user]]),
        clock: { now: () => clock.now(), newId: () => id ?? clock.newId() },
      },
      {
        method,
        message: fromJson(method.input, request),
        metadata: [
          ["authorization", `Bearer ${token}`],
          [orgIdHeader, organization],
        ],
        authority: state.domain,
        origin: `http://${state.domain}`,
        timeoutMs: Number.POSITIVE_INFINITY,
      },
    );
    return added instanceof Promise ? added.catch(throwSeedError) : added;
  } catch (cause) {
    return throwSeedError(cause);
  }
}

function findAddMethod({ owner, rpc }: ProviderSeed): DescMethodUnary {
  const service = owner === "instance" ? AdminService : ManagementService;
  const method = methods.get(service.typeName)?.get(rpc);
  if (method === undefined || !rpc.startsWith("Add")) {
    throw new TypeError(
      `seed: provider of ${owner}: ${service.name} has no RPC ${rpc} that adds a provider`,
    );
  }
  return method;
}

/** Returns the id of the organization that the call names: the default organization for a provider of the instance. */
function findOrganizationOfProvider(state: EmulatorState, { owner, rpc }: ProviderSeed): string {
  if (owner === "instance") {
    const [defaultOrganization = ""] = state.organizations.keys();
    return defaultOrganization;
  }
  const { id } = findOrganization(state, owner, `provider by ${rpc}`);
  if (state.accounts.removedOrganizations.has(id)) {
    throw new TypeError(`seed: provider of ${owner} by ${rpc}: the organization is removed`);
  }
  return id;
}
