import { createOAuthEndpoints } from "./oauth/oauth-endpoints.js";
import { createSamlEndpoints } from "./saml/saml-endpoints.js";
import { createState } from "./seed/create-state.js";
import { createCallbackEndpoint } from "./sign-in/callback-endpoint.js";
import type { EmulatorSeed } from "./seed/emulator-seed.js";
import { createRandomToken } from "./seed/create-random-token.js";
import { createClock } from "./store/clock.js";
import type { EmulatorState } from "./store/emulator-state.js";
import { createProjectionLag, type ProjectionLag } from "./store/projection-lag.js";
import type { EndpointHandler } from "./wire/http-message.js";

/** The state of an emulator, and the services that work on this state. `reset` replaces them with new ones. */
export interface EmulatorInstance {
  readonly state: EmulatorState;
  readonly handleEndpoint: EndpointHandler;
  /** The part of `handleEndpoint` for tokens, which keeps its signing key when the contents of the state change. */
  readonly handleOAuthEndpoint: EndpointHandler;
  readonly lag: ProjectionLag;
  /** The delay until lagging reads show a write, in milliseconds. */
  readonly lagMs: number;
}

/**
 * Returns a function that creates instances from a seed.
 *
 * All instances have the same ids and the same token for the parts that the seed leaves open. An object that is created later gets
 * an id that no instance has used before.
 */
export function createInstanceFactory(seed: EmulatorSeed, lagMs = 0): () => EmulatorInstance {
  const clock = createClock();
  const ownerToken = createRandomToken();
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
    const endSeeding = (): void => void (isSeeding = false);
    if (state.ready === undefined) {
      endSeeding();
    } else {
      state.ready.then(endSeeding, endSeeding);
    }
    return createInstance(state, lagMs, handleOAuthEndpoint);
  };
}

/** Returns an instance with the same state, whose lagging reads show a write after another delay. */
export function withLag(
  { state, handleOAuthEndpoint }: EmulatorInstance,
  lagMs: number,
): EmulatorInstance {
  return createInstance(state, lagMs, handleOAuthEndpoint);
}

/** Returns an instance with other contents of its state. Users, tokens and keys stay the same. */
export function withState(
  { state, lagMs, handleOAuthEndpoint }: EmulatorInstance,
  contents: Pick<EmulatorState, "instance" | "organizations" | "humans" | "events" | "intents">,
): EmulatorInstance {
  return createInstance({ ...state, ...contents }, lagMs, handleOAuthEndpoint);
}

function createInstance(
  state: EmulatorState,
  lagMs: number,
  handleOAuthEndpoint: EndpointHandler,
): EmulatorInstance {
  const handleSamlEndpoint = createSamlEndpoints(state);
  const handleCallback = createCallbackEndpoint(state);
  return {
    state,
    handleEndpoint: (request, requestId) =>
      handleOAuthEndpoint(request, requestId) ??
      handleSamlEndpoint(request, requestId) ??
      handleCallback(request, requestId),
    lag: createProjectionLag(state, lagMs),
    lagMs,
    handleOAuthEndpoint,
  };
}
