import { Call } from "../../call/call.js";
import { startDeadline } from "../../call/start-deadline.js";
import { instanceHostHeader } from "../../zitadel/instance-host.js";
import type { HttpRequest, HttpSend } from "./send-request.js";

/** The statuses of responses without a body, for which `Response` accepts none. */
const bodilessStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Creates a function like `fetch` that sends requests with `send` and never follows a redirect. It reads each response to its end, and
 * rejects with `resource_exhausted` if one is longer than `readMaxBytes`. `send` must be able to set `Host`, which gets the name of the
 * instance.
 */
export function createFetch(send: HttpSend, readMaxBytes: number): typeof globalThis.fetch {
  return async (input, { signal, ...init } = {}) => {
    // The Request gets no signal, because each Request would add a listener to it.
    const request = new Request(input, init);
    const { deadline, stop } = startDeadline({ signal: signal ?? undefined });
    try {
      const { status, headers, body } = await send({
        url: request.url,
        method: request.method,
        headers: toHostHeader(Object.fromEntries(request.headers)),
        body: request.body === null ? undefined : await request.text(),
        deadline,
        readMaxBytes,
        call: new Call(deadline),
      });
      return new Response(bodilessStatuses.has(status) ? null : body, { status, headers });
    } finally {
      stop();
    }
  };
}

/** Moves the header with the name of the instance to `host`. */
function toHostHeader({
  [instanceHostHeader]: instanceHost,
  ...headers
}: HttpRequest["headers"]): HttpRequest["headers"] {
  return instanceHost === undefined ? headers : { ...headers, host: instanceHost };
}
