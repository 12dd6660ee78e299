import { runInNewContext } from "node:vm";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { quotes } from "./quotes.js";

/** The parts of a request that an error of the caller's code may contain. */
interface ThrownRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly authorization: string;
  readonly text: string;
  /** The request as an object. */
  readonly held: unknown;
}

/** Functions that create errors which contain parts of a request, as interceptors and replacements of `fetch` throw them. */
export const requestErrors: Readonly<Record<string, (seen: ThrownRequest) => unknown>> = {
  "a text": ({ text, authorization }) => `failed: ${text} ${authorization}`,
  "an Error that quotes": ({ text, authorization }) =>
    new Error(`failed: ${text} ${authorization}`),
  "an Error with the request": ({ held, headers, authorization }) =>
    Object.assign(new Error("x"), { request: held, headers, config: { held }, authorization }),
  "an Error of an HTTP library": ({ url, headers, text, authorization }) =>
    Object.assign(new Error("Request failed with status code 502"), {
      config: { url, headers: Object.fromEntries(headers), data: text },
      request: { _header: `POST / HTTP/1.1\r\nauthorization: ${authorization}\r\n\r\n`, path: "/" },
      response: new Response(text, { status: 502, headers: toSendableHeaders(headers) }),
      toJSON() {
        return { config: this.config };
      },
    }),
  "a chain of causes": ({ text, held }) =>
    new Error("a", {
      cause: new AggregateError([new Error(text), { held }, text], "b", { cause: held }),
    }),
  "a frozen Error": ({ text, held }) => Object.freeze(Object.assign(new Error(text), { held })),
  "an Error whose parts are frozen": ({ text, held }) =>
    Object.defineProperties(new Error(text), {
      message: { value: text, configurable: false, writable: false },
      held: { value: held, configurable: false, writable: false },
    }),
  "a ConnectError": ({ text, headers }) =>
    new ConnectError(text, Code.Aborted, toSendableHeaders(headers), [
      { desc: ErrorDetailSchema, value: { id: text, message: text } },
    ]),
  "a DOMException": ({ text }) => new DOMException(text, "AbortError"),
  "an object": ({ held, text }) => ({ held, message: text, stack: text }),
  "an object without a prototype": ({ text }) =>
    Object.assign(Object.create(null) as object, { text }),
  "an Error of another realm": ({ text, held }) =>
    Object.assign(runInNewContext("new TypeError(text)", { text }) as Error, { held }),
  "an Error with collections": ({ text, held, headers }) =>
    Object.assign(new Error("x"), {
      map: new Map<unknown, unknown>([
        [{ held }, text],
        [text, [held]],
      ]),
      set: new Set([text, held]),
      [text]: 1,
      [Symbol(text)]: Symbol(text),
      query: new URLSearchParams({ text }),
      url: new URL(`https://x.example/?${new URLSearchParams({ text }).toString()}`),
      createForm: form(text),
      boxed: new String(text),
      buffer: Buffer.from(text),
      json: Buffer.from(text).toJSON(),
      createSharedBytes: shared(text),
      request: new Request("http://x.example", {
        method: "POST",
        headers: toSendableHeaders(headers),
        body: text,
      }),
      call: Object.assign(() => 1, { text }),
    }),
  "a function": ({ text }) => Object.assign(() => 1, { text }),
  "an Error that quotes in all ways": ({ text }) =>
    new Error(
      Object.values(quotes)
        .map((quote) => quote(Buffer.from(text)))
        .join("\n"),
    ),
  "an Error with a getter": ({ text }) =>
    Object.defineProperty(new Error("x"), "secret", {
      get: () => text,
      enumerable: true,
      configurable: true,
    }),
};

/** Returns an interceptor that throws one of `requestErrors` before the call, or after it. */
export function createThrowingInterceptor(name: string, when: "before" | "after"): Interceptor {
  return (next) => async (request) => {
    const fail = (): never => {
      const { url, header: headers } = request;
      const message = "stream" in request && request.stream ? {} : request.message;
      throw requestErrors[name]?.({
        url,
        headers,
        authorization: headers.get("authorization") ?? "",
        text: textOf(message),
        held: { headers, message, url },
      });
    };
    return when === "before" ? fail() : await next(request).then(fail, fail);
  };
}

/** Returns a `fetch` that throws one of `requestErrors`. */
export function createThrowingFetch(name: string): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    const body = init?.body;
    throw requestErrors[name]?.({
      url: String(input),
      headers,
      authorization: headers.get("authorization") ?? "",
      text:
        body instanceof Uint8Array
          ? new TextDecoder().decode(body.subarray(5))
          : String(body ?? ""),
      held: { url: input, ...init },
    });
  };
}

/** Returns the texts of a message as a log without redaction would have them. */
function textOf(message: unknown): string {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (value instanceof Uint8Array) {
      texts.push(Buffer.from(value).toString());
    } else if (typeof value === "object" && value !== null) {
      Object.values(value).forEach(visit);
    } else if (typeof value !== "symbol") {
      texts.push(String(value));
    }
  };
  visit(message);
  return texts.join(", ");
}

function toSendableHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [name === "authorization" ? "x-copied" : name, value]),
  );
}

function form(text: string): FormData {
  const data = new FormData();
  data.set("text", text);
  return data;
}

function shared(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
  view.set(bytes);
  return view;
}
