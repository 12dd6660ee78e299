/// <reference lib="esnext.disposable" preserve="true" />
import type { Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "../transport/grpc-web.js";
import { answer, type Call } from "./call.js";
import { createOAuth } from "./oauth/oauth.js";
import { createState, type EmulatorSeed } from "./seed.js";
import type { WireRequest, WireResponse } from "./wire/exchange.js";
import { route } from "./wire/router.js";

/** What `createEmulator` takes. */
export interface EmulatorOptions {
  /** The state to start with. Default: one organization, and one service user who may do everything. */
  seed?: EmulatorSeed;
}

/** Where to listen. */
export interface ListenOptions {
  /** The TCP port. Default: 0, any that is free. */
  port?: number;
  /** The address. Default: `"127.0.0.1"`, so that no other machine can reach it. */
  host?: string;
}

/** A listening emulator. */
export interface Listener extends AsyncDisposable {
  /** The base URL for clients, e.g. `"http://localhost:8080"`. Its host is the instance's domain. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/** ZITADEL's identity-provider APIs, emulated in memory. */
export interface Emulator extends AsyncDisposable {
  /** The base URL for clients that use `fetch` or `transport()` of this emulator; nothing listens there. */
  readonly url: string;
  /** The personal access token of the first service user that has one. */
  readonly token: string;
  /** The id of the first organization. */
  readonly orgId: string;
  readonly instanceId: string;
  /** Listens on a port: gRPC, gRPC-web and REST on the same one. Needs Node.js, Bun or Deno. */
  listen(options?: ListenOptions): Promise<Listener>;
  /** Answers a request without a network, over gRPC-web or REST. A drop-in for the `fetch` option of a client. */
  readonly fetch: typeof globalThis.fetch;
  /** A Connect transport to this emulator without a network. Calls need a token of their own. */
  transport(): Transport;
  /** Closes all listeners. */
  close(): Promise<void>;
}

/**
 * Makes an emulator. It holds its state in memory and listens nowhere until told to.
 *
 * Throws a TypeError that names the part of the seed that is wrong.
 */
export function createEmulator({ seed = {} }: EmulatorOptions = {}): Emulator {
  const state = createState(seed);
  const [token = ""] = state.tokens.keys();
  const [orgId = ""] = state.organizations.keys();
  const url = `http://${state.domain}`;
  const serveOAuth = createOAuth(state);
  const listeners = new Set<Listener>();

  const respond = (request: WireRequest): Promise<WireResponse> =>
    route(request, (call: Call) => answer(state, call), serveOAuth);

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const { protocol, host, pathname, search } = new URL(request.url);
    const response = await respond({
      method: request.method,
      target: pathname + search,
      httpVersion: 1,
      authority: host,
      secure: protocol === "https:",
      headers: [...request.headers],
      body: new Uint8Array(await request.arrayBuffer()),
    });
    request.signal.throwIfAborted();
    const bodiless =
      response.status === 204 || response.status === 304 || request.method === "HEAD";
    return new Response(bodiless ? null : (response.body ?? null), {
      status: response.status,
      headers: response.headers.map(([name, value]): [string, string] => [name, value]),
    });
  };

  const close = async (): Promise<void> => {
    await Promise.all([...listeners].map((listener) => listener.close()));
  };

  return {
    url,
    token,
    orgId,
    instanceId: state.instance.id,
    async listen(options = {}) {
      // Loaded here, so that the emulator itself runs where there is no node:http2.
      const { listen } = await import("./listen.js");
      const listener = await listen(respond, state.domain, options);
      listeners.add(listener);
      return listener;
    },
    fetch,
    transport: () => createGrpcWebTransport({ baseUrl: url, fetch }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
