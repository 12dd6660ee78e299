import { checkNumbers, type NumberRule } from "../utils/check-number.js";
import {
  connectionNumberRules,
  defaultMaxConnections,
} from "../transport/connection-number-rules.js";
import { defaultMaxTokenResponseBytes } from "../transport/default-max-token-response-bytes.js";
import { bytesRule } from "../transport/transport-options.js";
import { throwInvalidOption } from "../utils/option-error.js";
import { checkNames } from "./check-names.js";

/** Limits of a client. A call that exceeds a size limit fails with `resource_exhausted`; a call beyond `maxConnections` waits. */
export interface ClientLimits {
  /**
   * The maximum length of an API response, in bytes, both compressed and decompressed. Reading stops at the limit and the call
   * fails: the outcome is `not_done` for a read and `unknown` for a write, and neither is retried. Default: 16 MiB.
   */
  maxResponseBytes?: number | undefined;
  /** The maximum length of a response of the token issuer, in bytes. Default: 1 MiB. */
  maxTokenResponseBytes?: number | undefined;
  /**
   * The maximum number of connections to one origin that `json` and `grpc-web` open in Node.js, Bun and Deno. Further calls wait
   * for their turn, within their deadlines. Clients with the same number share connections. Default: 256.
   */
  maxConnections?: number | undefined;
}

const limitRules: Readonly<Record<keyof ClientLimits, NumberRule>> = {
  maxResponseBytes: bytesRule,
  maxTokenResponseBytes: bytesRule,
  maxConnections: connectionNumberRules.maxConnections,
};

/** Checks the limits and applies their defaults. Throws a TypeError that names the invalid limit. */
export function checkLimits(limits: ClientLimits): Readonly<Record<keyof ClientLimits, number>> {
  if (typeof limits !== "object" || limits === null) {
    throwInvalidOption("limits", "must be an object such as { maxResponseBytes: 1_000_000 }");
  }
  checkNames("limits.", limits, Object.keys(limitRules));
  checkNumbers(limits, limitRules, "limits.");
  return {
    maxResponseBytes: limits.maxResponseBytes ?? 16 * 1024 * 1024,
    maxTokenResponseBytes: limits.maxTokenResponseBytes ?? defaultMaxTokenResponseBytes,
    maxConnections: limits.maxConnections ?? defaultMaxConnections,
  };
}
