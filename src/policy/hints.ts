import type { ConnectError } from "@connectrpc/connect";
import type { Protocol } from "../runtime/runtime.js";

// TEMPORARY STUB by the lead, so that things compile: replace this file wholesale.
export type MisroutingReason = "html" | "missing-trailers";

export function hintFor(_failure: {
  error: ConnectError;
  protocol?: Protocol;
  httpStatus?: number;
  baseUrl?: string;
  headers?: readonly string[];
}): { reason: MisroutingReason; hint: string } | undefined {
  return undefined;
}
