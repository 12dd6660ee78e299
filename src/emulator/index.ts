/**
 * ZITADEL's identity-provider APIs in memory, to test against.
 *
 * @module
 */
export { createEmulator } from "./emulator.js";
export type { Emulator, EmulatorOptions, Listener, ListenOptions } from "./emulator.js";
export type { EmulatorSeed } from "./seed.js";
