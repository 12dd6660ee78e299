/**
 * Headers that are converted from their received form on first access.
 *
 * This saves 30 ms of CPU time in a new process of Node.js, where the first `Headers` loads the undici of Node.js. Most callers never
 * read the headers of a response. A test keeps this true (`test/package/first-call.test.ts`).
 */
export class LazyHeaders {
  readonly #convert: () => Headers;
  #value: Headers | undefined;

  constructor(convert: () => Headers) {
    this.#convert = convert;
  }

  get value(): Headers {
    return (this.#value ??= this.#convert());
  }
}
