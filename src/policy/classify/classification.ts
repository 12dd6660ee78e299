import type { Message } from "../../utils/message.js";
import { Code } from "@connectrpc/connect";
import type { ErrorReason } from "./error-reason.js";

/** The classification of a failed attempt, as far as its error shows. */
export interface Classification {
  /** True if the server may have carried out the request, provided that it was sent. */
  readonly mayBeDone: boolean;
  /** True if another attempt may succeed. */
  readonly isTransient: boolean;
  /** True if the server reported that it did not begin the request. The first retry then needs no pause. */
  readonly isRejectedUnprocessed?: boolean;
  readonly httpStatus?: number;
  /** True if ZITADEL itself sent the error. */
  readonly isFromZitadel?: boolean;
  /**
   * The code and text that replace those of the error, so that they are the same on each wire protocol. Undefined if ZITADEL
   * itself sent the error. Without a text, the error keeps its own.
   */
  readonly override?: {
    readonly code: Code;
    readonly message?: Message;
    readonly reason: ErrorReason;
  };
}
