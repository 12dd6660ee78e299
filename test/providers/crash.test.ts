import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  type StateStore,
} from "../../src/providers/index.js";

// A process that applies a plan is killed at each of its requests, once before the request is sent and once after it. Then
// another process applies. The desired state must be reached, and nothing may exist twice. Lists lag behind writes throughout.

const key = "a key of sixteen characters or more";
const lagMs = 100;

const google = { type: "google", name: "Google", clientId: "g", clientSecret: "one" } as const;
const acme = {
  type: "oidc",
  name: "Acme",
  issuer: "i",
  clientId: "a",
  clientSecret: "two",
} as const;
const github = { type: "github", name: "GitHub", clientId: "h", clientSecret: "three" } as const;
const old = { type: "gitlab", name: "Old", clientId: "o", clientSecret: "four" } as const;

const desired: DesiredState = {
  organization: {
    createLoginPolicy: true,
    providers: [
      { ...google, active: true },
      { ...acme, active: true },
      { ...github, clientId: "changed", clientSecret: "rotated" },
      { absent: true, type: "gitlab", name: "Old" },
    ],
  },
};

interface Process {
  /** Resolves when the process is killed. */
  readonly death: Promise<"dead">;
  readonly client: IdpClient;
  readonly store: StateStore;
}

/** Starts a process that is killed at a request: from then on, nothing it does reaches the server or the disk. */
function start(
  emulator: Emulator,
  disk: { text?: string },
  dies?: { at: number; when: "before" | "after" },
): Process {
  let requests = 0;
  let isDead = false;
  let die: (how: "dead") => void = () => undefined;
  const death = new Promise<"dead">((resolve) => (die = resolve));
  const never = (): Promise<never> => {
    die("dead");
    return new Promise<never>(() => undefined);
  };
  const fetch: typeof globalThis.fetch = async (...request) => {
    requests++;
    const isLast = requests === dies?.at;
    isDead ||= isLast && dies?.when === "before";
    if (isDead) {
      return await never();
    }
    isDead = isLast;
    const response = await emulator.fetch(...request);
    return isDead ? await never() : response;
  };
  const { url: baseUrl, token: auth } = emulator;
  return {
    death,
    client: createIdpClient({ baseUrl, auth, fetch }),
    store: {
      read: () => Promise.resolve(disk.text),
      write: (text) => {
        if (!isDead) {
          disk.text = text;
        }
        return isDead ? never() : Promise.resolve();
      },
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Waits for work while fake time advances. */
async function soon<T>(work: Promise<T>): Promise<T> {
  const turn = { isLast: false };
  const ended = work.finally(() => (turn.isLast = true));
  ended.catch(() => undefined);
  while (!turn.isLast) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(5);
  }
  return await ended;
}

async function prepared(): Promise<{ emulator: Emulator; disk: { text?: string } }> {
  const emulator = createEmulator({ lagMs });
  const disk: { text?: string } = {};
  const { client, store } = start(emulator, disk);
  const before: DesiredState = { organization: { providers: [github, old] } };
  const options = { state: { store, key } };
  expect(
    await soon(plan(client, before, options).then((made) => apply(client, made, before, options))),
  ).toMatchObject({ ok: true });
  await vi.advanceTimersByTimeAsync(2 * lagMs);
  return { emulator, disk };
}

async function check(emulator: Emulator): Promise<void> {
  await vi.advanceTimersByTimeAsync(2 * lagMs);
  const { client } = start(emulator, {});
  const { result } = await client.management.listProviders({});
  expect(result.map(({ name }) => name).toSorted()).toEqual(["Acme", "GitHub", "Google"]);
  const { ids } = await createProviders(client, { owner: "org" }).active();
  const offered = result.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  expect(offered.toSorted()).toEqual(["Acme", "Google"]);
  expect(result.find(({ name }) => name === "GitHub")?.config?.config.value).toMatchObject({
    clientId: "changed",
  });
}

/**
 * The moments of the kill, and the plan that the second process applies. Without a state, a process does nothing between two
 * requests, so it is killed only after each request.
 */
const cases = [
  { when: "before", which: "the same plan" },
  { when: "after", which: "the same plan" },
  { when: "after", which: "a new plan" },
  { when: "after", which: "a new plan without a state" },
] as const;

describe("a process that is killed at any of its requests", () => {
  test.each(cases)(
    "$when the request leaves a state that $which completes",
    async ({ when, which }) => {
      const optionsOf = ({ store }: Process) =>
        which === "a new plan without a state" ? {} : { state: { store, key } };
      let isOver = false;
      let deaths = 0;
      for (let at = 1; !isOver; at++) {
        expect(at).toBeLessThan(100);
        const { emulator, disk } = await prepared();
        const planner = start(emulator, disk);
        const made = await soon(plan(planner.client, desired, optionsOf(planner)));
        const first = start(emulator, disk, { at, when });
        const run = apply(first.client, made, desired, optionsOf(first));
        isOver = (await soon(Promise.race([run, first.death]))) !== "dead";
        deaths += isOver ? 0 : 1;

        const second = start(emulator, disk);
        const options = optionsOf(second);
        const next =
          which === "the same plan" ? made : await soon(plan(second.client, desired, options));
        const result = await soon(apply(second.client, next, desired, options));
        expect(result, `at request ${at}`).toMatchObject({ ok: true });
        await check(emulator);
        const rest = await soon(plan(second.client, desired, options));
        expect(
          rest.owners.flatMap(({ actions }) => actions),
          `at request ${at}`,
        ).toEqual([]);
      }
    },
  );
});
