import type { LoggedRequest } from "./log/request-log.js";
import type { EmulatorSeed } from "./seed/emulator-seed.js";

/** The options of `createEmulator`. */
export interface EmulatorOptions {
  /**
   * The initial state. Default: one organization, and one service user with the role IAM_OWNER.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ seed: { organizations: [{ id: "1", name: "Acme" }] } });
   * ```
   */
  seed?: EmulatorSeed | undefined;
  /**
   * The delay until some reads show a write, in milliseconds. Default: 0, which shows every write at once.
   *
   * The delay applies to ListProviders, ListIDPs, ListOrgIDPs, ListLoginPolicyIDPs (only a deleted provider lingers),
   * ListHumanLinkedIDPs, GetDefaultLoginPolicy and the GetLoginPolicy of the AdminService. On a real server these reads trail by
   * some milliseconds, sometimes by a hundred; all other reads show a write at once.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ lagMs: 100 });
   * ```
   */
  lagMs?: number | undefined;
  /**
   * The number of requests that `log` keeps. Default: 1000.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ logSize: 10 });
   * ```
   */
  logSize?: number | undefined;
  /**
   * Called with each request after it is added to `log` and before the client receives its response. Errors that the function
   * throws are ignored.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ onRequest: ({ rpc, status }) => console.log(rpc, status) });
   * ```
   */
  onRequest?: ((request: LoggedRequest) => void) | undefined;
}
