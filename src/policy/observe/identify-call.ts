import type { CallIdentity } from "../../call/call-identity.js";
import type { Call } from "../../call/call.js";

/** Returns the identity of a call, and creates it for the first event. */
export function identifyCall(call: Call): CallIdentity {
  return (call.identity ??= createIdentity());
}

function createIdentity(): CallIdentity {
  // `Math.random` instead of `crypto`, which React Native lacks.
  return { callId: createRandomHex() + createRandomHex(), shared: {} };
}

/** Returns eight random hexadecimal digits. */
function createRandomHex(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
}
