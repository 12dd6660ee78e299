import type { DescMessage, DescMethodUnary, MessageInitShape } from "@bufbuild/protobuf";
import type { ContextValues, Transport, UnaryResponse } from "@connectrpc/connect";
import { beforeSending } from "./unsent.js";

/** Around one of Connect's transports, which throw a bare TypeError for a header that HTTP does not allow. */
export function withCheckedHeaders(inner: Transport): Transport {
  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
      contextValues?: ContextValues,
    ): Promise<UnaryResponse<I, O>> {
      const headers = header && beforeSending(() => new Headers(header));
      return await inner.unary(method, signal, timeoutMs, headers, input, contextValues);
    },
    stream: (...call) => inner.stream(...call),
  };
}
