import type { Transport } from "@connectrpc/connect";
import { throwInvalidOption } from "../utils/option-error.js";
import type { AllOptions } from "./all-options.js";

/** The options and limits that have no effect with the caller's own transport. */
const uselessOptions = ["protocol", "connectTimeoutMs", "proxy", "tls"] as const;
const uselessLimits = ["maxResponseBytes", "maxConnections"] as const;

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
  const { limits } = options;
  const [useless] = [
    ...uselessOptions.filter((option) => options[option] !== undefined),
    ...uselessLimits
      .filter((limit) => limits?.[limit] !== undefined)
      .map((limit) => `limits.${limit}`),
  ];
  if (useless !== undefined) {
    throwInvalidOption(useless, "has no effect with the option transport; set it there");
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
