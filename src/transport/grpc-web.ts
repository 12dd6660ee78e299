import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import {
  createGrpcWebTransport as createConnectTransport,
  type GrpcWebTransportOptions,
} from "@connectrpc/connect-web";
import { isBrowser } from "../runtime/environment.js";
import { withCheckedHeaders } from "./checked-headers.js";
import { withEvidence } from "./evidence.js";
import { foreignPage } from "./foreign-page.js";
import { provesUnsent } from "./unsent.js";

export type { GrpcWebTransportOptions } from "@connectrpc/connect-web";

/**
 * gRPC-web over `fetch`: connect-web's transport with differences that ZITADEL, the runtimes and what stands between ask
 * for.
 *
 * - In a browser the deadline is kept on this side only: ZITADEL's CORS rule for gRPC-web refuses the `grpc-timeout`
 *   header, and the browser would not send the call at all.
 * - A redirect is refused by looking at the answer instead of by `redirect: "error"`, which workerd does not know.
 * - An answer of another content type is refused as what it is. connect-web would read a web page as frames.
 * - A network that cannot be reached is `unavailable`, as on the other wires, and not `unknown`.
 */
export function createGrpcWebTransport(options: GrpcWebTransportOptions): Transport {
  const sent: Sent = new WeakMap();
  const { interceptors = [] } = options;
  return withCheckedHeaders(
    createConnectTransport({
      ...options,
      // Behind all others, so that they see what is known.
      interceptors: [...interceptors, notice(sent)],
      fetch: async (input, init) => {
        const headers = new Headers(init?.headers);
        if (isBrowser) {
          headers.delete("grpc-timeout");
        }
        const fetch = options.fetch ?? globalThis.fetch;
        const request: { answer?: Response } = {};
        if (init?.signal) {
          sent.set(init.signal, request);
        }
        request.answer = await fetch(input, { ...init, headers, redirect: "manual" });
        await refuseForeign(request.answer);
        return request.answer;
      },
    }),
  );
}

/** The requests that were given to `fetch`, by the signals of their calls, with their answers. */
type Sent = WeakMap<AbortSignal, { answer?: Response }>;

/** Throws when an answer is none of this protocol: a redirect, a web page, another API. */
async function refuseForeign(response: Response): Promise<void> {
  const { status, headers, type } = response;
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    throw new ConnectError(
      "the server answered with a redirect, which a call does not follow: check the base URL",
      Code.Unknown,
      headers,
    );
  }
  const contentType = headers.get("content-type") ?? "";
  const isOwn = /^application\/grpc/i.test(contentType) || (response.ok && contentType === "");
  if (isOwn || headers.has("grpc-status")) {
    return;
  }
  const body = new Uint8Array(await response.arrayBuffer());
  const page = foreignPage({ status, headers, body });
  if (page !== undefined) {
    throw page;
  }
  if (response.ok) {
    const [what] = contentType.split(";");
    throw new ConnectError(
      `the server answered HTTP ${status} with ${what} instead of gRPC-web`,
      Code.Unknown,
      headers,
    );
  }
}

/** Notes what is known of a failure beyond its text. */
function notice(sent: Sent): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (thrown) {
      const broken = isNetworkError(thrown) || isNetworkError(ConnectError.from(thrown).cause);
      const error = ConnectError.from(thrown, broken ? Code.Unavailable : Code.Unknown);
      const call = sent.get(request.signal);
      if (broken) {
        withEvidence(error, { broken, headers: [...request.header.keys()] });
      }
      if (call === undefined || (call.answer === undefined && provesUnsent(thrown))) {
        throw withEvidence(error, { notDone: "unsent" });
      }
      // The server's own word needs no witness, and a connection that broke behind the headers has no whole answer.
      if (call.answer === undefined || error.metadata.has("grpc-status") || broken) {
        throw error;
      }
      const contentType = call.answer.headers.get("content-type");
      if (contentType !== null) {
        error.metadata.set("content-type", contentType);
      }
      throw withEvidence(error, { httpStatus: call.answer.status });
    }
  };
}

/** What `fetch` and bodies throw in all runtimes when the network fails. Aborts have another class. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError;
}
