import type { TokenRequest } from "./token-supplier.js";

/** Returns a text that differs for each instance: the origin of its address, and its host name if the request gives one. */
export function toInstanceKey({ baseUrl, instanceHost = "" }: TokenRequest): string {
  return `${new URL(baseUrl).origin} ${instanceHost}`;
}
