import type { HttpSend } from "../http/http.js";
import { toHeaders } from "../http/node-headers.js";
import { exchange } from "./http2-exchange.js";
import type { Http2SessionManager } from "./http2-session-manager.js";

/** Creates a function that sends requests other than gRPC over an HTTP/2 connection. Their URLs must have its origin. */
export function createHttp2Send(sessions: Http2SessionManager): HttpSend {
  return async ({ url, method, headers, body, deadline, readMaxBytes, call }) => {
    const { host, ...fields } = headers;
    const { host: urlHost, pathname, search } = new URL(url);
    const response = await exchange(sessions, {
      headers: {
        ...fields,
        ":authority": host ?? urlHost,
        ":method": method,
        ":path": pathname + search,
      },
      body: typeof body === "string" ? Buffer.from(body) : body,
      deadline,
      call,
      maxBytes: readMaxBytes,
    });
    return {
      status: response.status,
      headers: toHeaders(response.headers),
      body: response.body,
    };
  };
}
