/**
 * An in-memory emulation of ZITADEL's identity-provider APIs for tests.
 *
 * @module
 */
export { createEmulator } from "./emulator.js";
export type { Emulator, EmulatorOptions, Listener, ListenOptions } from "./emulator.js";
export { badGateway, tooManyRequests } from "./faults/fault.js";
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
export type { FaultRule, InjectedFault } from "./faults/rules.js";
export type { LoggedRequest } from "./log/request-log.js";
export type { EmulatorSeed } from "./seed.js";
