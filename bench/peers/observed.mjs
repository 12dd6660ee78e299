// createIdpClient with an observer of its calls: hooks, or OpenTelemetry without or with an SDK.
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { createIdpClient } from "zitadel-idp";
import { withTelemetry } from "zitadel-idp/otel";
import { createConnectCalls } from "./connect-calls.mjs";

/** The observers by name. Each adds itself to the options of a client. */
const observers = {
  hooks: (options) => ({
    ...options,
    hooks: { onRequest: () => undefined, onResponse: () => undefined },
  }),
  otel: (options) => withTelemetry(options),
  sdk(options) {
    // Without a processor, spans are created and exported nowhere.
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    return withTelemetry(options);
  },
};

export async function open({ url, protocol, observer }) {
  const options = { baseUrl: url, auth: "token", orgId: "300000000000000002", protocol };
  const client = createIdpClient(observers[observer](options));
  return { calls: createConnectCalls(client.management) };
}
