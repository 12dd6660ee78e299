import type { Respond } from "./respond.js";
import type { WireResponse } from "./wire/exchange.js";
import { type Breakage, isBreakage } from "./wire/outcome.js";

/**
 * Creates a `fetch` that sends requests to the emulator in the same process. Broken connections reject with the errors of Node's
 * own `fetch`.
 */
export function createFetch(respond: Respond): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    const { protocol, host, pathname, search } = new URL(request.url);
    const outcome = await respond(
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
    if (!isBreakage(outcome)) {
      return toResponse(request.method, outcome, outcome.body ?? null);
    }
    if (outcome.breakage === "cut") {
      const { answer, bytes } = outcome;
      return toResponse(request.method, answer, cutBody(answer.body?.subarray(0, bytes)));
    }
    if (outcome.breakage === "goaway" && outcome.answer !== undefined) {
      return toResponse(request.method, outcome.answer, outcome.answer.body ?? null);
    }
    throw new TypeError("fetch failed", { cause: causeOf(outcome) });
  };
}

function toResponse(
  method: string,
  { status, headers }: WireResponse,
  body: BodyInit | null,
): Response {
  const bodiless = status === 204 || status === 205 || status === 304 || method === "HEAD";
  return new Response(bodiless ? null : body, {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

/** Creates a body that fails after `bytes`. */
function cutBody(bytes: Uint8Array | undefined): ReadableStream {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (!sent && bytes !== undefined && bytes.length > 0) {
        sent = true;
        controller.enqueue(bytes);
      } else {
        controller.error(new TypeError("terminated", { cause: causeOf({ breakage: "close" }) }));
      }
    },
  });
}

/** Creates the cause that Node's `fetch` gives for a broken connection. */
function causeOf({ breakage }: Breakage): Error {
  const [code, message] =
    breakage === "reset"
      ? ["ECONNRESET", "read ECONNRESET"]
      : ["UND_ERR_SOCKET", "other side closed"];
  return Object.assign(new Error(message), { code });
}
