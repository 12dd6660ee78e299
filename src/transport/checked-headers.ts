import type { Transport } from "@connectrpc/connect";
import { beforeSending } from "./unsent.js";

/** Around one of Connect's transports, which throw a bare TypeError for a header that HTTP does not allow. */
export function withCheckedHeaders(inner: Transport): Transport {
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const headers = header && beforeSending(() => new Headers(header));
      return await inner.unary(method, signal, timeoutMs, headers, input, contextValues);
    },
    stream: (...call) => inner.stream(...call),
  };
}
