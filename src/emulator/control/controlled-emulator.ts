import type { EmulatorInstance } from "../emulator-instance.js";
import type { FaultRules } from "../faults/fault-rules.js";
import type { RequestLog } from "../log/request-log.js";
import type { StateSnapshot } from "./state-snapshot.js";

/** The parts of an emulator that the control API reads and changes. */
export interface ControlledEmulator {
  readonly instance: () => EmulatorInstance;
  readonly log: RequestLog;
  readonly faults: FaultRules;
  /** Sets the delay until lagging reads show a write. Throws a TypeError for a number outside of the limits. */
  setLag(ms: number): void;
  reset(): void;
  /** Replaces the parts of the state that calls change by a copy of those in a snapshot. */
  loadSnapshot(snapshot: StateSnapshot): void;
}
