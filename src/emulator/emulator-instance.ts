import { createOAuthEndpoints } from "./oauth/oauth-endpoints.js";
import { createSamlEndpoints } from "./saml/saml-endpoints.js";
import { createState } from "./seed/create-state.js";
import type { EmulatorSeed } from "./seed/emulator-seed.js";
import { randomToken } from "./seed/random-token.js";
import { createClock } from "./store/clock.js";
import type { EmulatorState } from "./store/emulator-state.js";
import { createProjectionLag, type ProjectionLag } from "./store/projection-lag.js";
import type { EndpointHandler } from "./wire/http-message.js";

/** The state of an emulator, and the services that work on this state. `reset` replaces them with new ones. */
export interface EmulatorInstance {
  readonly state: EmulatorState;
  readonly handleEndpoint: EndpointHandler;
  readonly lag: ProjectionLag;
}

/**
 * Returns a function that creates instances from a seed.
 *
 * All instances have the same ids and the same token for the parts that the seed leaves open. An object that is created later gets
 * an id that no instance has used before.
 */
export function createInstanceFactory(seed: EmulatorSeed, lagMs = 0): () => EmulatorInstance {
  const clock = createClock();
  const ownerToken = randomToken();
  const seedIds: string[] = [];
  return () => {
    let usedSeedIds = 0;
    let isSeeding = true;
    const state = createState(seed, {
      ownerToken,
      clock: {
        now: () => clock.now(),
        newId: () => (isSeeding ? (seedIds[usedSeedIds++] ??= clock.newId()) : clock.newId()),
      },
    });
    const handleOAuthEndpoint = createOAuthEndpoints(state);
    const handleSamlEndpoint = createSamlEndpoints(state);
    const endSeeding = (): void => void (isSeeding = false);
    if (state.ready === undefined) {
      endSeeding();
    } else {
      state.ready.then(endSeeding, endSeeding);
    }
    return {
      state,
      handleEndpoint: (request, requestId) =>
        handleOAuthEndpoint(request, requestId) ?? handleSamlEndpoint(request, requestId),
      lag: createProjectionLag(state, lagMs),
    };
  };
}
