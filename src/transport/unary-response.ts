import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";
import { LazyHeaders } from "./lazy-headers.js";

/** A response whose headers and trailers are converted on first access. */
export class LazyUnaryResponse<
  I extends DescMessage,
  O extends DescMessage,
> implements UnaryResponse<I, O> {
  readonly stream = false;
  readonly service: DescMethodUnary<I, O>["parent"];
  readonly method: DescMethodUnary<I, O>;
  readonly message: MessageShape<O>;
  readonly #header: LazyHeaders;
  readonly #trailer: LazyHeaders;

  constructor(
    method: DescMethodUnary<I, O>,
    message: MessageShape<O>,
    readHeader: () => Headers,
    readTrailer: () => Headers,
  ) {
    this.service = method.parent;
    this.method = method;
    this.message = message;
    this.#header = new LazyHeaders(readHeader);
    this.#trailer = new LazyHeaders(readTrailer);
  }

  get header(): Headers {
    return this.#header.value;
  }

  get trailer(): Headers {
    return this.#trailer.value;
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
