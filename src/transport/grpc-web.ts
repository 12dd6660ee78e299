import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import {
  createGrpcWebTransport as createConnectTransport,
  type GrpcWebTransportOptions,
} from "@connectrpc/connect-web";
import { isBrowser } from "../runtime/environment.js";

export type { GrpcWebTransportOptions } from "@connectrpc/connect-web";

/**
 * gRPC-web over `fetch`: connect-web's transport with two differences that ZITADEL and the runtimes ask for.
 *
 * - In a browser the deadline is kept on this side only: ZITADEL's CORS rule for gRPC-web refuses the `grpc-timeout`
 *   header, and the browser would not send the call at all.
 * - A redirect is refused by looking at the answer instead of by `redirect: "error"`, which workerd does not know.
 */
export function createGrpcWebTransport(options: GrpcWebTransportOptions): Transport {
  return createConnectTransport({
    ...options,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      if (isBrowser) {
        headers.delete("grpc-timeout");
      }
      const fetch = options.fetch ?? globalThis.fetch;
      const response = await fetch(input, { ...init, headers, redirect: "manual" });
      if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
        throw new ConnectError(
          "the server answered with a redirect, which a call does not follow: check the base URL",
          Code.Unknown,
        );
      }
      return response;
    },
  });
}
