import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** A response that converts its headers and trailers on first access, because few callers read them. */
export class LazyUnaryResponse<
  I extends DescMessage,
  O extends DescMessage,
> implements UnaryResponse<I, O> {
  readonly stream = false;
  readonly service: DescMethodUnary<I, O>["parent"];
  readonly method: DescMethodUnary<I, O>;
  readonly message: MessageShape<O>;
  readonly #readHeader: () => Headers;
  readonly #readTrailer: () => Headers;
  #header: Headers | undefined;
  #trailer: Headers | undefined;

  constructor(
    method: DescMethodUnary<I, O>,
    message: MessageShape<O>,
    readHeader: () => Headers,
    readTrailer: () => Headers,
  ) {
    this.service = method.parent;
    this.method = method;
    this.message = message;
    this.#readHeader = readHeader;
    this.#readTrailer = readTrailer;
  }

  get header(): Headers {
    return (this.#header ??= this.#readHeader());
  }

  get trailer(): Headers {
    return (this.#trailer ??= this.#readTrailer());
  }
}

/** Returns a response as a plain object, for interceptors that copy it with its own properties only. */
export function toPlainResponse<I extends DescMessage, O extends DescMessage>({
  service,
  method,
  message,
  header,
  trailer,
}: UnaryResponse<I, O>): UnaryResponse<I, O> {
  return { stream: false, service, method, message, header, trailer };
}
