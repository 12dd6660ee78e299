import type { HttpSend } from "./send-request.js";
import { NodeResponse } from "./node-response.js";
import { formatHostWithPort } from "../../utils/host-with-port.js";
import { runHttp2Exchange } from "../http2/http2-exchange.js";
import type { Http2SessionManager } from "../http2/http2-session-manager.js";
import { setAuthority } from "../http2/set-authority.js";

/** Creates a function that sends requests other than gRPC over an HTTP/2 connection. Their URLs must have its origin. */
export function createHttp2Send(sessions: Http2SessionManager): HttpSend {
  return async ({ url, method, headers, body, deadline, readMaxBytes, call }) => {
    const target = new URL(url);
    const { pathname, search } = target;
    const fields = { ...headers, ":method": method, ":path": pathname + search };
    setAuthority(fields, formatHostWithPort(target));
    const response = await runHttp2Exchange(sessions, {
      headers: fields,
      body: typeof body === "string" ? Buffer.from(body) : body,
      deadline,
      call,
      maxBytes: readMaxBytes,
    });
    return new NodeResponse(response.status, response.headers, response.body);
  };
}
