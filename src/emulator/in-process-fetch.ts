import type { RequestHandler } from "./http/request-handler.js";
import { type BrokenConnection, isBrokenConnection } from "./wire/broken-connection.js";
import type { WireResponse } from "./wire/http-message.js";

/**
 * Creates a `fetch` that sends requests to the emulator in the same process. Broken connections reject with the errors of Node's
 * own `fetch`.
 */
export function createInProcessFetch(handleRequest: RequestHandler): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    const { protocol, host, pathname, search } = new URL(request.url);
    const outcome = await handleRequest(
      {
        method: request.method,
        target: pathname + search,
        httpVersion: 1,
        authority: host,
        secure: protocol === "https:",
        headers: [...request.headers],
        body: new Uint8Array(await request.arrayBuffer()),
      },
      signal,
    );
    signal.throwIfAborted();
    if (!isBrokenConnection(outcome)) {
      const { body = null, isOpen } = outcome;
      return toResponse(request.method, outcome, isOpen ? createOpenBody(body, signal) : body);
    }
    if (outcome.brokenBy === "cut") {
      const { response, bytes } = outcome;
      return toResponse(request.method, response, createCutBody(response.body?.subarray(0, bytes)));
    }
    if (outcome.brokenBy === "goaway" && outcome.response !== undefined) {
      return toResponse(request.method, outcome.response, outcome.response.body ?? null);
    }
    throw new TypeError("fetch failed", { cause: createNetworkError(outcome) });
  };
}

function toResponse(
  method: string,
  { status, headers, isUndated }: WireResponse,
  body: BodyInit | null,
): Response {
  const hasNoBody = status === 204 || status === 205 || status === 304 || method === "HEAD";
  return new Response(hasNoBody ? null : body, {
    status,
    headers: [
      ...headers.map(([name, value]): [string, string] => [name, value]),
      ...(isUndated ? [] : [["date", new Date().toUTCString()] satisfies [string, string]]),
    ],
  });
}

/** Creates a body that continues until the client aborts the request. */
function createOpenBody(
  start: Uint8Array<ArrayBuffer> | null,
  signal: AbortSignal,
): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(start ?? new Uint8Array());
      signal.addEventListener("abort", () => controller.error(signal.reason), { once: true });
    },
  });
}

/** Creates a body that fails after `bytes`. */
function createCutBody(bytes: Uint8Array | undefined): ReadableStream {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (!isSent && bytes !== undefined && bytes.length > 0) {
        isSent = true;
        controller.enqueue(bytes);
      } else {
        controller.error(
          new TypeError("terminated", { cause: createNetworkError({ brokenBy: "close" }) }),
        );
      }
    },
  });
}

/** Creates the cause that Node's `fetch` gives for a broken connection. */
function createNetworkError({ brokenBy }: BrokenConnection): Error {
  const [code, message] =
    brokenBy === "reset"
      ? ["ECONNRESET", "read ECONNRESET"]
      : ["UND_ERR_SOCKET", "other side closed"];
  return Object.assign(new Error(message), { code });
}
