import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** A response that creates its headers and trailers on first access, because few callers read them. */
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

  /** Returns the response as a plain object, for code that may copy it. */
  whole(): UnaryResponse<I, O> {
    const { stream, service, method, message, header, trailer } = this;
    return { stream, service, method, message, header, trailer };
  }
}
