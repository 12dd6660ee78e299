import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** A response whose headers and trailers are made when somebody looks at them, which few do. */
export class LazyResponse<I extends DescMessage, O extends DescMessage> implements UnaryResponse<
  I,
  O
> {
  readonly stream = false;
  readonly service: DescMethodUnary<I, O>["parent"];
  readonly method: DescMethodUnary<I, O>;
  readonly message: MessageShape<O>;
  #makeHeader: () => Headers;
  #makeTrailer: () => Headers;
  #header: Headers | undefined;
  #trailer: Headers | undefined;

  constructor(
    method: DescMethodUnary<I, O>,
    message: MessageShape<O>,
    makeHeader: () => Headers,
    makeTrailer: () => Headers,
  ) {
    this.service = method.parent;
    this.method = method;
    this.message = message;
    this.#makeHeader = makeHeader;
    this.#makeTrailer = makeTrailer;
  }

  get header(): Headers {
    return (this.#header ??= this.#makeHeader());
  }

  get trailer(): Headers {
    return (this.#trailer ??= this.#makeTrailer());
  }

  /** The same as a plain object, for those who may copy it. */
  whole(): UnaryResponse<I, O> {
    const { stream, service, method, message, header, trailer } = this;
    return { stream, service, method, message, header, trailer };
  }
}
