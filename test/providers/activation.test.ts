import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  type Providers,
} from "../../src/providers/index.js";
import { wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";

const { emulator, listener } = await useEmulator();

const google = (name: string) =>
  ({ type: "google", name, clientId: "c", clientSecret: "s" }) as const;
const createPolicy = { createPolicy: true };

describe.each(wireNames)("over %s", (protocol) => {
  let client: IdpClient;
  let org: Providers;
  let instance: Providers;
  beforeAll(() => {
    client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol });
    org = createProviders(client, { owner: "org" });
    instance = createProviders(client, { owner: "instance" });
  });
  afterAll(() => client.close());

  /** Adds providers and returns their ids. */
  async function add(providers: Providers, names: readonly string[]): Promise<string[]> {
    return await Promise.all(names.map(async (name) => (await providers.add(google(name))).id));
  }

  /**
   * Makes each task wait in its first read of the login policy until all others have sent theirs, so that no task sees the
   * policy of another.
   */
  function together<Result>(
    calls: number,
    run: (providers: Providers) => Promise<Result>,
  ): Promise<Result> {
    let waiting = calls;
    let open: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { management } = client;
    const getLoginPolicy: typeof management.getLoginPolicy = async (...call) => {
      const policy = await management.getLoginPolicy(...call);
      waiting--;
      if (waiting === 0) {
        open();
      }
      await gate;
      return policy;
    };
    const delayed = Object.assign(Object.create(management) as typeof management, {
      getLoginPolicy,
    });
    return run(createProviders({ admin: client.admin, management: delayed }, { owner: "org" }));
  }

  test("concurrent activations in an organization without a policy of its own all succeed", async () => {
    const ids = await add(org, ["A", "B", "C", "D", "E"]);
    const results = await together(ids.length, async (providers) =>
      Promise.all(ids.map(async (id) => await providers.activate(id, createPolicy))),
    );
    expect(results.every(({ changed }) => changed)).toBe(true);
    expect(results.filter(({ policyCreated }) => policyCreated)).toHaveLength(1);
    expect([...(await org.active()).ids].toSorted()).toEqual(ids.toSorted());
  });

  test("two concurrent activations of the same provider both succeed", async () => {
    const [id = ""] = await add(org, ["A"]);
    const results = await together(2, async (providers) =>
      Promise.all([id, id].map(async (each) => await providers.activate(each, createPolicy))),
    );
    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    expect((await org.active()).ids).toEqual([id]);
  });

  test("concurrent deactivations in an organization without a policy of its own all succeed", async () => {
    const ids = await add(instance, ["A", "B", "C"]);
    for (const id of ids) {
      await instance.activate(id);
    }
    const results = await together(2, async (providers) =>
      Promise.all(ids.slice(1).map(async (id) => await providers.deactivate(id, createPolicy))),
    );
    expect(results.every(({ changed }) => changed)).toBe(true);
    expect((await org.active()).ids).toEqual(ids.slice(0, 1));
  });

  test("an activation succeeds if its response is lost while another one creates the policy", async () => {
    const ids = await add(org, ["A", "B"]);
    emulator.inject({
      rpc: "AddCustomLoginPolicy",
      times: 1,
      fault: { type: "drop", when: "after" },
    });
    await together(2, async (providers) =>
      Promise.all(ids.map(async (id) => await providers.activate(id, createPolicy))),
    );
    expect([...(await org.active()).ids].toSorted()).toEqual(ids.toSorted());
  });

  test("two concurrent applies that each activate their own provider both succeed", async () => {
    const desired = (name: string): DesiredState => ({
      organization: { createLoginPolicy: true, providers: [{ ...google(name), active: true }] },
    });
    await add(org, ["A", "B"]);
    const results = await Promise.all(
      ["A", "B"].map(async (name) => {
        const planned = await plan(client, desired(name));
        return await apply(client, planned, desired(name));
      }),
    );
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    expect((await org.active()).ids).toHaveLength(2);
  });

  test("a default policy that cannot be copied is reported before anything is added", async () => {
    const { management } = client;
    const getLoginPolicy: typeof management.getLoginPolicy = async (...call) => {
      const answer = await management.getLoginPolicy(...call);
      const policy = answer.policy && {
        ...answer.policy,
        $unknown: [{ no: 99, wireType: 2, data: Uint8Array.of(1, 120) }],
      };
      return Object.assign(answer, { policy });
    };
    const newer = {
      admin: client.admin,
      management: Object.assign(Object.create(management) as typeof management, { getLoginPolicy }),
      withOrg: client.withOrg,
    };
    await expect(
      createProviders(newer, { owner: "org" }).add(google("A"), {
        activate: true,
        createPolicy: true,
      }),
    ).rejects.toMatchObject({ reason: "unknown_content", outcome: "not_done" });
    const desired: DesiredState = {
      organization: { createLoginPolicy: true, providers: [{ ...google("A"), active: true }] },
    };
    await expect(plan(newer, desired)).rejects.toThrow("field 99");
    expect(await org.find("A")).toBeUndefined();
  });

  test("an add with activation checks the policy first, and adds nothing if it may not change it", async () => {
    await expect(org.add(google("A"), { activate: true })).rejects.toMatchObject({
      reason: "policy_inherited",
    });
    expect(await org.find("A")).toBeUndefined();
    const { id } = await org.add(google("A"), { activate: true, createPolicy: true });
    expect((await org.active()).ids).toEqual([id]);
  });
});
