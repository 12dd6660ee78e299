import { createLag, type Lag } from "./lag.js";
import { createOAuth } from "./oauth/oauth.js";
import { createSaml } from "./saml/service-provider.js";
import { createState, type EmulatorSeed, randomToken } from "./seed.js";
import { createClock, type State } from "./state.js";
import type { ServeBeside } from "./wire/exchange.js";

/** The state and the services of an emulator between two resets. */
export interface World {
  readonly state: State;
  readonly serveBeside: ServeBeside;
  readonly lag: Lag;
}

/**
 * Returns a function that creates worlds from a seed.
 *
 * All worlds have the same ids and the same token for the parts that the seed leaves open. An object that is created in one world
 * later gets an id that no world has used before.
 */
export function createWorlds(seed: EmulatorSeed, lagMs = 0): () => World {
  const clock = createClock();
  const ownerToken = randomToken();
  const ids: string[] = [];
  return () => {
    let used = 0;
    let seeding = true;
    const state = createState(seed, {
      ownerToken,
      clock: {
        now: () => clock.now(),
        newId: () => (seeding ? (ids[used++] ??= clock.newId()) : clock.newId()),
      },
    });
    const serveOAuth = createOAuth(state);
    const serveSaml = createSaml(state);
    const done = (): void => void (seeding = false);
    if (state.ready === undefined) {
      done();
    } else {
      state.ready.then(done, done);
    }
    return {
      state,
      serveBeside: (request, requestId) =>
        serveOAuth(request, requestId) ?? serveSaml(request, requestId),
      lag: createLag(state, lagMs),
    };
  };
}
