import { checkNumber, type NumberRule } from "../check-number.js";
import type { HttpOptions } from "./http/http.js";

/** Options of the transports that send by `fetch` or by undici. */
export interface HttpTransportOptions extends HttpOptions {
  /** The deadline in milliseconds of calls that have none of their own. 0, and by default: none. */
  defaultTimeoutMs?: number | undefined;
  /** The longest answer in bytes; a longer one fails with `resource_exhausted`. Default: 64 MiB. */
  readMaxBytes?: number | undefined;
}

/** The longest answer that a transport reads, in bytes, where nothing else is set. Clients of ZITADEL set less. */
export const defaultReadMaxBytes: number = 64 * 1024 * 1024;

/** The number of bytes of a message: the most that the length of a gRPC frame can say. */
export const bytesRule: NumberRule = { least: 1, most: 0xffff_ffff, counts: "bytes" };

/** Checks the numbers that all transports take. Throws a TypeError that names the option. */
export function checkTransportOptions(
  options: Omit<HttpTransportOptions, keyof HttpOptions>,
): void {
  checkNumber("defaultTimeoutMs", options.defaultTimeoutMs, { least: 0 });
  checkNumber("readMaxBytes", options.readMaxBytes, bytesRule);
}
