import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** Creates a response. Its headers and trailers are converted on first access, because few callers read them. */
export function createUnaryResponse<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  message: MessageShape<O>,
  readHeader: () => Headers,
  readTrailer: () => Headers,
): UnaryResponse<I, O> {
  let header: Headers | undefined;
  let trailer: Headers | undefined;
  return {
    stream: false,
    service: method.parent,
    method,
    message,
    get header() {
      return (header ??= readHeader());
    },
    get trailer() {
      return (trailer ??= readTrailer());
    },
  };
}
