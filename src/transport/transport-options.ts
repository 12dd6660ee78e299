import { checkNumber, type NumberRule } from "../utils/check-number.js";
import type { HttpOptions } from "./http/send-request.js";

/** Options of the transports that send with `fetch` or `node:http`. */
export interface HttpTransportOptions extends HttpOptions {
  /** The timeout of calls that set none, in milliseconds. Default: 0, which means none. */
  defaultTimeoutMs?: number | undefined;
  /** The maximum length of a response in bytes. A longer one fails with `resource_exhausted`. Default: 64 MiB. */
  readMaxBytes?: number | undefined;
}

/** The default limit for the length of a response, in bytes. Clients of ZITADEL set a lower one. */
export const defaultReadMaxBytes: number = 64 * 1024 * 1024;

/** The rule for the length of a message in bytes. The largest value is the largest length of a gRPC frame. */
export const bytesRule: NumberRule = { least: 1, most: 0xffff_ffff, counts: "bytes" };

/** Checks the numeric options that all transports share. Throws a TypeError that names the invalid option. */
export function checkTransportOptions(
  options: Omit<HttpTransportOptions, keyof HttpOptions>,
): void {
  checkNumber("defaultTimeoutMs", options.defaultTimeoutMs, { least: 0 });
  checkNumber("readMaxBytes", options.readMaxBytes, bytesRule);
}
