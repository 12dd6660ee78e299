import type { Transport } from "@connectrpc/connect";
import { throwInvalidOption } from "../utils/option-error.js";
import type { AllOptions } from "./all-options.js";
import type { IdpClientOptions } from "./idp-client-options.js";

/** The options that have no effect with the caller's own transport. */
const transportConflicts: readonly (keyof IdpClientOptions)[] = [
  "protocol",
  "connectTimeoutMs",
  "proxy",
  "tls",
];

/**
 * Checks the caller's own transport, and rejects options that have no effect with it. Returns the transport, or undefined if there is
 * none.
 */
export function checkOwnTransport(options: AllOptions): Transport | undefined {
  const { transport } = options;
  if (transport === undefined) {
    return undefined;
  }
  if (
    typeof transport !== "object" ||
    transport === null ||
    typeof transport.unary !== "function"
  ) {
    throwInvalidOption("transport", "must be a Connect transport");
  }
  for (const option of transportConflicts) {
    if (options[option] !== undefined) {
      throwInvalidOption(
        option,
        "has no effect with the option transport; set it on the transport",
      );
    }
  }
  for (const limit of ["maxResponseBytes", "maxConnections"] as const) {
    if (options.limits?.[limit] !== undefined) {
      throwInvalidOption(
        `limits.${limit}`,
        "has no effect with the option transport; set it there",
      );
    }
  }
  if (
    options.baseUrl === undefined &&
    options.auth !== undefined &&
    typeof options.auth !== "string"
  ) {
    throwInvalidOption("baseUrl", "is required, because auth requests tokens for it");
  }
  return transport;
}
