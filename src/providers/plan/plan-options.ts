import type { OperationOptions } from "../operation.js";
import type { Progress } from "./progress.js";
import type { StateOptions } from "./state/apply-state.js";

/** The options of `plan` and `apply`. */
export interface PlanOptions extends OperationOptions {
  /**
   * The ids or names of providers whose secrets are sent again, or true for all secrets in the desired state. Default: none.
   */
  readonly rotate?: readonly string[] | boolean | undefined;
  /** The state that `apply` keeps between runs. Without a state, secrets of existing providers stay as they are. */
  readonly state?: StateOptions | undefined;
  /**
   * Loads the metadata that the `metadataUrl` of a SAML entry serves now. If their entity id, certificates or endpoints differ from those
   * in ZITADEL, the plan updates the provider. A URL that cannot be loaded is a problem of the plan. `apply` needs the option too for such
   * a plan: it loads the URL again, and rejects the plan as stale if the metadata has changed. Default: none; then providers keep the
   * metadata that ZITADEL loaded when it received the URL.
   */
  readonly refresh?: ((metadataUrl: string) => Promise<string>) | undefined;
  /** The number of owners that are processed at the same time. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Called after each step. Errors that it throws, or rejections of a promise that it returns, are ignored. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The default number of owners that are processed at the same time. */
export const defaultConcurrency = 4;
