import type { DescMethod, JsonReadOptions } from "@bufbuild/protobuf";
import { Code, type Interceptor } from "@connectrpc/connect";
import { prepareRequest } from "../call/prepare-request.js";
import { createUnsentError } from "../call/unsent-error.js";
import { compactCodecSupportsOptions } from "../rest/json/compact-codec-supports.js";
import { findZitadelRestMethod } from "../rest/find-zitadel-rest-method.js";
import type { RestMethod } from "../rest/rest-method.js";
import type { UrlValueOptions } from "../rest/format-url-value.js";
import { isBrowser } from "../utils/environment.js";
import type { HttpSend } from "./http/send-request.js";
import { createRequestFields } from "./create-request-fields.js";
import type { SocketOptions } from "./socket/socket-options.js";
import type { HeaderFields } from "./run-attempt.js";

/** The options of the JSON transport, with defaults. */
export interface JsonSettings {
  readonly baseUrl: string;
  readonly send: HttpSend;
  /** The `fetch` for streams, because `send` would read them to their end. */
  readonly fetch: typeof globalThis.fetch | undefined;
  /** The options of our own connections, which streams do not use. */
  readonly socketOptions: SocketOptions;
  readonly interceptors: Interceptor[];
  /** True if the option `proxy` names a forward proxy. */
  readonly hasProxy: boolean;
  readonly readMaxBytes: number;
  readonly defaultTimeoutMs: number | undefined;
  readonly json: UrlValueOptions & Partial<JsonReadOptions>;
  readonly loadOtherServices: LoadOtherServices | undefined;
}

/**
 * Loads the support for RPCs, messages and error details of other services, whose JSON needs the codec of protobuf-es.
 * `createJsonTransport` passes this function, and so does the client in Node.js, Bun and Deno. Clients for browsers do not, because
 * bundlers such as esbuild would put that codec (19 KB with gzip) into the first chunk.
 */
export type LoadOtherServices = () => Promise<typeof import("../rest/other-services.js")>;

/**
 * Returns the caller's headers together with those of the protocol. In browsers, only the client enforces the timeout: a proxy's
 * CORS rule may reject any additional header.
 */
export function createJsonRequestFields(
  init: HeadersInit | undefined,
  timeoutMs: number | undefined,
): HeaderFields {
  return createRequestFields(
    init,
    { accept: "application/json" },
    isBrowser ? undefined : timeoutMs,
  );
}

/**
 * Returns the HTTP mapping of a method. Other services, and some JSON options, need the codec of protobuf-es, which is loaded on
 * demand.
 */
export function findRestMethod(
  method: DescMethod,
  { json, loadOtherServices }: JsonSettings,
): RestMethod | Promise<RestMethod> {
  return (
    (compactCodecSupportsOptions(json) ? findZitadelRestMethod(method) : undefined) ??
    loadRestMethod(method, loadOtherServices)
  );
}

async function loadRestMethod(
  method: DescMethod,
  loadOtherServices: LoadOtherServices | undefined,
): Promise<RestMethod> {
  if (loadOtherServices === undefined) {
    throw createUnsentError(
      `${method.parent.name}.${method.name} is not an RPC of this package: use createJsonTransport of zitadel-idp/transport/json for other services`,
      Code.Unimplemented,
    );
  }
  const { resolveRestMethod } = await loadOtherServices();
  return prepareRequest(() => resolveRestMethod(method));
}
