import type { DescMessage, DescMethodStreaming, MessageInitShape } from "@bufbuild/protobuf";
import type { ContextValues } from "@connectrpc/connect";

/** The parameters of `stream` of a Connect transport, as one object. */
export interface StreamCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodStreaming<I, O>;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly header: HeadersInit | undefined;
  readonly input: AsyncIterable<MessageInitShape<I>>;
  readonly contextValues: ContextValues | undefined;
}
