/**
 * A wire protocol between a client and ZITADEL.
 *
 * - `grpc`: gRPC over HTTP/2. Needs a runtime with an HTTP/2 client: Node.js, Bun, Deno.
 * - `grpc-web`: gRPC in a form that browsers can send.
 * - `json`: ZITADEL's REST gateway: plain requests with JSON bodies. Works in every runtime with `fetch`.
 */
export type Protocol = "json" | "grpc" | "grpc-web";
