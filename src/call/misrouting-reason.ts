/**
 * The cause of a call that did not reach ZITADEL's API.
 *
 * - `html`, `foreign`: a web page answered (also the error page of a proxy), or another program.
 * - `login-page`: a proxy demands a login, by a page or by a redirect to one. `redirect`: any other redirect.
 * - `path`: the API is not at this path. `unknown-rpc`: the API is there, but has no such RPC.
 * - `unknown-instance`: the server is a ZITADEL, but none of its instances has this host name.
 * - `connect-protocol`: the call used the Connect protocol, which the API does not support.
 * - `http1`, `http2`: the server supports this version of HTTP only, and the wire protocol needs the other.
 * - `missing-trailers`: something on the way dropped the end of the response.
 * - `tls-on-plain-port`, `plain-on-tls-port`: `https:` was used for a port without TLS, or `http:` for a port with TLS.
 * - `certificate`: the certificate is not trusted, is for another host name, or is expired or not yet valid.
 * - `cors`: a browser could not reach the server, or CORS rules hide the response.
 * - `unreachable`: the server cannot be reached.
 */
export type MisroutingReason =
  | "html"
  | "foreign"
  | "login-page"
  | "redirect"
  | "path"
  | "unknown-rpc"
  | "unknown-instance"
  | "connect-protocol"
  | "http1"
  | "http2"
  | "missing-trailers"
  | "tls-on-plain-port"
  | "plain-on-tls-port"
  | "certificate"
  | "cors"
  | "unreachable";
