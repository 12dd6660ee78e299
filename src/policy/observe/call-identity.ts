import type { Call } from "../../call/call.js";
import type { CallIdentity } from "./hooks.js";

const identities = /*@__PURE__*/ new WeakMap<Call, CallIdentity>();

/**
 * Returns the identity of a call, and creates it for the first event. `Call` has no field for it, so that a call without hooks takes
 * no longer.
 */
export function identityOf(call: Call): CallIdentity {
  let identity = identities.get(call);
  if (identity === undefined) {
    // `Math.random` instead of `crypto`, which React Native lacks.
    const callId = randomHex() + randomHex();
    identity = { callId, shared: {} };
    identities.set(call, identity);
  }
  return identity;
}

/** Returns eight random hexadecimal digits. */
function randomHex(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
}
