import type { Interceptor } from "@connectrpc/connect";
import { trace } from "@opentelemetry/api";
import type { IdpClientOptions } from "../options/idp-client-options.js";
import type { TransportClientOptions } from "../options/transport-client-options.js";
import type { Hooks } from "../policy/observe/hooks.js";
import { isObject } from "../utils/is-object.js";
import { findUnknownName } from "../utils/find-unknown-name.js";
import { createAttemptInterceptor } from "./attempt-interceptor.js";
import { createCallMetrics } from "./call-metrics.js";
import { schemaUrl, scopeName } from "./conventions.js";
import { createTelemetryHooks } from "./telemetry-hooks.js";
import type { Tracing } from "./tracing.js";

/** Options of `withTelemetry`. */
export interface TelemetryOptions {
  /**
   * True to send the trace context with every request (`traceparent` and `tracestate`, or the headers of your own propagator), false
   * to send it with none. Baggage is never sent. Default: true, but in browsers only for requests to the origin of the page, because
   * ZITADEL's CORS rules reject these headers, and the browser then fails the call.
   */
  propagate?: boolean | undefined;
}

/** The options that telemetry adds to. */
type ObservedOptions = Pick<IdpClientOptions, "hooks" | "interceptors">;

/**
 * Returns client options that also report each call to OpenTelemetry: a span for the call, a child span for each of its attempts,
 * and metrics of its duration and its attempts. Your own hooks and interceptors continue to run, inside the spans.
 *
 * Names follow version 1.45.0 of the semantic conventions for RPCs. No span and no metric holds a secret, a token or a message.
 * Nothing is recorded without an OpenTelemetry SDK, which may be registered before or after this call.
 *
 * To trace a transport without a client, pass `{}`. Give the `interceptors` of the result to the transport, and its `hooks` to
 * `withErrors` and `withRetry`.
 *
 * Throws a TypeError without options, and if an option in `telemetry` is invalid. `createIdpClient` checks the others.
 *
 * @example
 * const zitadel = createIdpClient(withTelemetry({ baseUrl: "https://acme.zitadel.cloud", auth: token }));
 */
export function withTelemetry<
  Options extends IdpClientOptions | TransportClientOptions | ObservedOptions,
>(
  options: Options,
  telemetry: TelemetryOptions = {},
): Options & { hooks: Hooks; interceptors: Interceptor[] } {
  if (!isObject(options) || Array.isArray(options)) {
    throw new TypeError(
      'withTelemetry takes the options of a client, e.g. { baseUrl: "https://…", auth: token }; for a transport without a client, {}',
    );
  }
  checkTelemetryOptions(telemetry);
  const tracing: Tracing = {
    tracer: trace.getTracerProvider().getTracer(scopeName, undefined, { schemaUrl }),
    measure: createCallMetrics(),
    propagate: telemetry.propagate,
    spans: new WeakMap(),
  };
  const { hooks = {}, interceptors = [] } = options;
  return {
    ...options,
    // `createIdpClient` rejects hooks and interceptors of other types, so they stay as they are.
    hooks: areFunctions(hooks) ? createTelemetryHooks(hooks, tracing) : hooks,
    interceptors: Array.isArray(interceptors)
      ? [createAttemptInterceptor(tracing), ...interceptors]
      : interceptors,
  };
}

function checkTelemetryOptions(telemetry: TelemetryOptions): void {
  if (!isObject(telemetry) || Array.isArray(telemetry)) {
    throw new TypeError(
      "the second argument of withTelemetry must be an object, e.g. { propagate: false }",
    );
  }
  const problem = findUnknownName(telemetry, ["propagate"]);
  if (problem !== undefined) {
    throw new TypeError(`option ${problem}`);
  }
  const { propagate } = telemetry;
  if (propagate !== undefined && typeof propagate !== "boolean") {
    throw new TypeError("option propagate: must be true or false");
  }
}

/** Returns true for an object of functions. */
function areFunctions(hooks: Hooks): boolean {
  return (
    typeof hooks === "object" &&
    hooks !== null &&
    Object.values(hooks).every((hook) => hook === undefined || typeof hook === "function")
  );
}
