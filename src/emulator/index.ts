/**
 * An in-memory emulation of ZITADEL's identity-provider APIs for tests.
 *
 * @module
 */
export type { EmulatorOptions } from "./emulator-options.js";
export { createEmulator } from "./create-emulator.js";
export type { Emulator } from "./create-emulator.js";
export type { FaultRule, InjectedFault } from "./faults/fault-rules.js";
export type {
  DelayFault,
  DropFault,
  ExpiredDeadlineFault,
  Fault,
  GoawayFault,
  HttpFault,
  Moment,
  RefusedStreamFault,
  ResetFault,
  StaleTokenFault,
  StatusFault,
  TruncateFault,
} from "./faults/fault.js";
export { badGateway, tooManyRequests } from "./faults/proxy-faults.js";
export type { Listener, ListenOptions } from "./listener.js";
export type { LoggedRequest } from "./log/request-log.js";
export type { EmulatorSeed } from "./seed/emulator-seed.js";
