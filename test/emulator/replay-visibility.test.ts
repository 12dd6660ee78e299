import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Code, createIdpClient, type IdpClient, ZitadelError } from "zitadel-idp";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { IDPState } from "zitadel-idp/idp";
import { createState } from "../../src/emulator/seed/create-state.js";
import { createProjectionLag } from "../../src/emulator/store/projection-lag.js";
import { listRows } from "../support/recordings.js";

/** A recorded read after a write, repeated until it showed the write. */
interface VisibilityRow {
  readonly read: string;
  readonly trials: number;
  /** The number of trials in which the first read showed the write. */
  readonly firstReadSawIt: number;
}

const rows = listRows("visibility") as readonly VisibilityRow[];

const lagMs = 100;
const ids = { org: "1", removed: "2", ofOrg: "10", ofInstance: "20", human: "30" };
const google = { name: "new", clientId: "c", clientSecret: "s" };
const legacy = { ...google, issuer: "i", displayNameMapping: 1, usernameMapping: 1 };
const seed: EmulatorSeed = {
  organizations: [
    { id: ids.org, name: "org" },
    { id: ids.removed, name: "removed", state: "removed" },
  ],
  serviceUsers: [{ name: "o", organization: "org", token: "t", instanceRoles: ["IAM_OWNER"] }],
  providers: Object.entries({ org: ids.ofOrg, instance: ids.ofInstance }).map(([owner, id]) => ({
    id,
    owner,
    rpc: "AddGoogleProvider",
    request: { ...google, name: "old" },
  })),
  humans: [
    {
      id: ids.human,
      name: "h",
      organization: "org",
      links: [{ idp: ids.ofOrg, userId: "u", userName: "n" }],
    },
  ],
};

let emulator: Emulator;
let client: IdpClient;
beforeEach(() => {
  // The lag depends only on this clock, which stands still: a read that lags never shows a write by itself.
  vi.useFakeTimers({ toFake: ["performance"] });
  emulator = createEmulator({ seed, lagMs });
  client = createIdpClient({ baseUrl: emulator.url, auth: "t", fetch: emulator.fetch });
});
afterEach(() => vi.useRealTimers());

/** Lets every read show the earlier writes. */
function endLag(): void {
  vi.advanceTimersByTime(lagMs);
}

const writes = {
  addProvider: async () => (await client.management.addGoogleProvider(google)).id,
  renameProvider: () => client.management.updateGoogleProvider({ ...google, id: ids.ofOrg }),
  deleteProvider: () => client.management.deleteProvider({ id: ids.ofOrg }),
  addLegacyIdp: async () => (await client.management.addOrgOIDCIDP(legacy)).idpId,
};

const reads = {
  nameOf: async (id: string) => (await client.management.getProviderByID({ id })).idp?.name,
  names: async () => (await client.management.listProviders({})).result.map(({ name }) => name),
  instanceIds: async () => (await client.admin.listProviders({})).result.map(({ id }) => id),
  legacyIdps: async () => (await client.management.listOrgIDPs({})).result,
  legacyIdp: (id: string) => client.management.getOrgIDPByID({ id }),
  policyIds: async () =>
    (await client.management.listLoginPolicyIDPs({})).result.map(({ idpId }) => idpId),
  accounts: async () => (await client.management.listHumanLinkedIDPs({ userId: ids.human })).result,
  /** Reads the name of a provider through the v2 service. */
  v2NameOf: async (id: string) => {
    const headers = { authorization: "Bearer t" };
    const response = await emulator.fetch(`${emulator.url}/v2/idps/${id}`, { headers });
    return ((await response.json()) as { idp?: { name: string } }).idp?.name;
  },
};

/** Returns true if a read fails because the object does not exist. */
async function isGone(read: Promise<unknown>): Promise<boolean> {
  return read.then(
    () => false,
    (error: unknown) => error instanceof ZitadelError && error.code === Code.NotFound,
  );
}

/** The write of each row. Each returns the read, which returns true if it shows the write. */
const writesAndReads: Readonly<Record<string, () => Promise<() => Promise<boolean>>>> = {
  "add template > GetProviderByID": async () => {
    const id = await writes.addProvider();
    return async () => (await reads.nameOf(id)) === "new";
  },
  "add template > ListProviders": async () => {
    await writes.addProvider();
    return async () => (await reads.names()).includes("new");
  },
  "update template > GetProviderByID": async () => {
    await writes.renameProvider();
    return async () => (await reads.nameOf(ids.ofOrg)) === "new";
  },
  "update template > ListProviders": async () => {
    await writes.renameProvider();
    return async () => (await reads.names()).includes("new");
  },
  "delete template > GetProviderByID": async () => {
    await writes.deleteProvider();
    return () => isGone(reads.nameOf(ids.ofOrg));
  },
  "delete template > ListProviders": async () => {
    await writes.deleteProvider();
    return async () => (await reads.names()).length === 1;
  },
  "add template > v2 GetIDPByID": async () => {
    const id = await writes.addProvider();
    return async () => (await reads.v2NameOf(id)) === "new";
  },
  "update template > v2 GetIDPByID": async () => {
    await writes.renameProvider();
    return async () => (await reads.v2NameOf(ids.ofOrg)) === "new";
  },
  "add legacy > GetOrgIDPByID": async () => {
    const id = await writes.addLegacyIdp();
    return async () => (await reads.legacyIdp(id)).idp?.name === "new";
  },
  "add legacy > ListOrgIDPs": async () => {
    await writes.addLegacyIdp();
    return async () => (await reads.legacyIdps()).length === 1;
  },
  "deactivate legacy > ListOrgIDPs": async () => {
    const idpId = await writes.addLegacyIdp();
    endLag();
    await client.management.deactivateOrgIDP({ idpId });
    return async () => (await reads.legacyIdps())[0]?.state === IDPState.IDP_STATE_INACTIVE;
  },
  "remove legacy > ListOrgIDPs": async () => {
    await removeOldLegacyIdp();
    return async () => (await reads.legacyIdps()).length === 0;
  },
  "remove legacy > GetOrgIDPByID": async () => {
    const id = await removeOldLegacyIdp();
    return () => isGone(reads.legacyIdp(id));
  },
  "link > ListLoginPolicyIDPs": async () => {
    await addPolicyWithLink();
    return async () => (await reads.policyIds()).length === 1;
  },
  "unlink > ListLoginPolicyIDPs": async () => {
    await addPolicyWithLink();
    endLag();
    await client.management.removeIDPFromLoginPolicy({ idpId: ids.ofOrg });
    return async () => (await reads.policyIds()).length === 0;
  },
  "link > GetLoginPolicy idps": async () => {
    await addPolicyWithLink();
    return async () => (await client.management.getLoginPolicy({})).policy?.idps.length === 1;
  },
  "update policy > GetLoginPolicy": async () => {
    await addPolicyWithLink();
    endLag();
    await client.management.updateCustomLoginPolicy({ passwordlessType: 1, forceMfa: true });
    return async () => (await client.management.getLoginPolicy({})).policy?.forceMfa === true;
  },
  "delete linked template > ListLoginPolicyIDPs": async () => {
    await addPolicyWithLink();
    endLag();
    await writes.deleteProvider();
    return async () => (await reads.policyIds()).length === 0;
  },
  "add user link > ListHumanLinkedIDPs": () => {
    // The emulator has no RPC that links an account, so this write goes to the state.
    const state = createState(seed);
    const lag = createProjectionLag(state, lagMs);
    const human = state.humans.get(ids.human);
    if (human !== undefined) {
      human.links.push({ idpId: ids.ofOrg, userId: "v", userName: "m" });
      human.sequence++;
    }
    lag.scheduleChanges();
    const rpc = "zitadel.management.v1.ManagementService/ListHumanLinkedIDPs";
    const read = () => lag.stateFor(rpc).humans.get(ids.human)?.links.length === 2;
    return Promise.resolve(() => Promise.resolve(read()));
  },
  "remove user link > ListHumanLinkedIDPs": async () => {
    const account = { idpId: ids.ofOrg, linkedUserId: "u" };
    await client.management.removeHumanLinkedIDP({ userId: ids.human, ...account });
    return async () => (await reads.accounts()).length === 0;
  },
  "add instance template > admin ListProviders": async () => {
    const { id } = await client.admin.addGoogleProvider(google);
    return async () => (await reads.instanceIds()).includes(id);
  },
  "delete instance template > admin ListProviders": async () => {
    await client.admin.deleteProvider({ id: ids.ofInstance });
    return async () => !(await reads.instanceIds()).includes(ids.ofInstance);
  },
  // Organizations and their states come with the seed.
  "new organization accepted as x-zitadel-orgid": () =>
    Promise.resolve(async () => !(await isRejected(ids.org))),
  "removed organization rejected as x-zitadel-orgid": () =>
    Promise.resolve(() => isRejected(ids.removed)),
};

async function removeOldLegacyIdp(): Promise<string> {
  const idpId = await writes.addLegacyIdp();
  endLag();
  await client.management.removeOrgIDP({ idpId });
  return idpId;
}

async function addPolicyWithLink(): Promise<void> {
  await client.management.addCustomLoginPolicy({ passwordlessType: 1 });
  await client.management.addIDPToLoginPolicy({ idpId: ids.ofOrg, ownerType: 2 });
}

/** Returns true if calls for an organization fail. */
async function isRejected(orgId: string): Promise<boolean> {
  return client
    .withOrg(orgId)
    .management.getLoginPolicy({})
    .then(
      () => false,
      () => true,
    );
}

test("each recorded read has its write and its read here", () => {
  expect(Object.keys(writesAndReads)).toEqual(rows.map(({ read }) => read));
});

test.each(rows)("$read shows a write at once or late, as recorded", async (row) => {
  const read = await writesAndReads[row.read]?.();
  expect(await read?.()).toBe(row.firstReadSawIt === row.trials);
  endLag();
  expect(await read?.()).toBe(row.firstReadSawIt > 0);
});
