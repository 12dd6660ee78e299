import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { CallOptions } from "@connectrpc/connect";
import { createIdpClient, type Hooks, type IdpClient } from "zitadel-idp";
import type { LoggedRequest } from "zitadel-idp/emulator";
import { formatRequestJson, createRequestFormatter } from "../../src/cli/report/format-request.js";
import type { Situation, SituationServers, Channel } from "./situations.js";
import { printTexts, type SinkText, collectTexts } from "./collect-texts.js";

/** Creates the client of a situation. */
export function createSituationClient(
  { options, name }: Situation,
  channel: Channel,
  servers: SituationServers,
  index: number,
  hooks: Hooks,
): IdpClient {
  const { owners } = servers.tokens;
  const token = owners[index % owners.length] ?? "";
  const [protocol, byFetch] = channel.split(" by ") as ["grpc" | "grpc-web" | "json", string?];
  return createIdpClient({
    baseUrl: byFetch ? servers.emulator.url : servers.url.emulator,
    ...(byFetch && { fetch: servers.emulator.fetch }),
    // Each way of passing headers is used.
    auth: index % 2 === 0 ? token : () => token,
    protocol,
    retry: { maxAttempts: 2, initialPauseMs: 0, maxPauseMs: 0 },
    headers: { "x-situation": name.replace(/\W/g, "-") },
    hooks,
    ...options?.(servers, channel, index),
  });
}

/** Calls an RPC, and returns the result with the response headers. */
export async function callRpc(
  client: IdpClient,
  rpc: DescMethodUnary,
  request: object,
  options: CallOptions = {},
): Promise<{ result: unknown } | { error: unknown }> {
  const side = rpc.parent.name === "AdminService" ? client.admin : client.management;
  const methods = side as unknown as Record<string, (...call: unknown[]) => Promise<unknown>>;
  const headers: Headers[] = [];
  const onHeader = (received: Headers): void => void headers.push(received);
  try {
    const message = await methods[rpc.localName]?.(request, {
      onHeader,
      onTrailer: onHeader,
      ...options,
    });
    return { result: { message, headers } };
  } catch (error) {
    return { error };
  }
}

/** Records the content of all events, at the time of the event. */
export function createRecordingHooks(shown: SinkText[], errors: unknown[] = []): Hooks {
  const note = (hook: keyof Hooks) => (event: object) => {
    const { error, ...rest } = event as { error?: unknown };
    // The error is the one of the call, or is searched separately: see `errors`.
    if (error !== undefined) {
      errors.push(error);
    }
    const plain = error === undefined ? event : rest;
    for (const [sink, text] of [...collectTexts(plain), ...printTexts(event)]) {
      shown.push([`${hook} ${sink}`, text]);
    }
  };
  return { onRequest: note("onRequest"), onResponse: note("onResponse"), onRetry: note("onRetry") };
}

/** Records the emulator's log of requests, and the form in which its command prints it. */
export function* collectLogTexts(requests: readonly LoggedRequest[]): Generator<SinkText> {
  const print = [createRequestFormatter(false), createRequestFormatter(true)];
  for (const request of requests) {
    yield ["onRequest", JSON.stringify(request)];
    yield ["command --json", formatRequestJson(request)];
    yield ["command", print.map((line) => line(request)).join("\n")];
  }
}
