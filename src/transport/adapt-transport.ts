import type { Interceptor, Transport } from "@connectrpc/connect";
import { CallTransport, toCallTransport } from "../call/call-transport.js";
import { createRequestFields } from "./create-request-fields.js";
import { createRpcAttempt } from "./create-rpc-attempt.js";
import { type RequestPolicy, runAttempt } from "./run-attempt.js";

/** Creates a transport that runs interceptors and the policy of a client around any other Connect transport. */
export function adaptTransport(
  transport: Transport,
  interceptors: readonly Interceptor[],
  policy: RequestPolicy,
): CallTransport {
  const inner = toCallTransport(transport);
  return new CallTransport(
    (call, request) => {
      // The transport builds the real URL.
      const attempt = createRpcAttempt(call, request, { baseUrl: "" }, (header) =>
        createRequestFields(header),
      );
      return runAttempt(attempt, { interceptors, policy }, (intercepted) =>
        inner.send(call, {
          ...intercepted,
          header: intercepted.fields,
          input: intercepted.message,
        }),
      );
    },
    async (method, signal, timeoutMs, header, input, contextValues) => {
      // ZITADEL's services have no streams, so their code is loaded on demand.
      const { streamOverTransport } = await import("./stream-over-transport.js");
      const call = { method, signal, timeoutMs, header, input, contextValues };
      return await streamOverTransport(transport, { interceptors, policy }, call);
    },
  );
}
