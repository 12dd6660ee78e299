import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { CallOptions } from "@connectrpc/connect";
import { createIdpClient, type Hooks, type IdpClient } from "zitadel-idp";
import type { LoggedRequest } from "zitadel-idp/emulator";
import { formatRequestJson, createRequestFormatter } from "../../src/cli/report/format-request.js";
import type { Situation, Stage, Way } from "./situations.js";
import { printed, type Shown, shownBy } from "./sinks.js";

/** Creates the client of a situation. */
export function clientFor(
  { options, name }: Situation,
  way: Way,
  stage: Stage,
  index: number,
  hooks: Hooks,
): IdpClient {
  const { owners } = stage.tokens;
  const token = owners[index % owners.length] ?? "";
  const [protocol, byFetch] = way.split(" by ") as ["grpc" | "grpc-web" | "json", string?];
  return createIdpClient({
    baseUrl: byFetch ? stage.emulator.url : stage.url.emulator,
    ...(byFetch && { fetch: stage.emulator.fetch }),
    // Each way of passing headers is used.
    auth: index % 2 === 0 ? token : () => token,
    protocol,
    retry: { maxAttempts: 2, initialPauseMs: 0, maxPauseMs: 0 },
    headers: { "x-campaign": name.replace(/\W/g, "-") },
    hooks,
    ...options?.(stage, way, index),
  });
}

/** Calls an RPC, and returns the result with the response headers. */
export async function call(
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
export function hooksInto(shown: Shown[], errors: unknown[] = []): Hooks {
  const note = (hook: keyof Hooks) => (event: object) => {
    const { error, ...rest } = event as { error?: unknown };
    // The error is the one of the call, or is searched separately: see `errors`.
    if (error !== undefined) {
      errors.push(error);
    }
    const whole = error === undefined ? event : rest;
    for (const [sink, text] of [...shownBy(whole), ...printed(event)]) {
      shown.push([`${hook} ${sink}`, text]);
    }
  };
  return { onRequest: note("onRequest"), onResponse: note("onResponse"), onRetry: note("onRetry") };
}

/** Records the emulator's log of requests, and the form in which its command prints it. */
export function* shownByLog(requests: readonly LoggedRequest[]): Generator<Shown> {
  const print = [createRequestFormatter(false), createRequestFormatter(true)];
  for (const request of requests) {
    yield ["onRequest", JSON.stringify(request)];
    yield ["command --json", formatRequestJson(request)];
    yield ["command", print.map((line) => line(request)).join("\n")];
  }
}
