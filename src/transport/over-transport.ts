import { create } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { prepareRequest } from "../call/prepare-request.js";
import { CallTransport, toCallTransport } from "../call/call-transport.js";
import { readHeaders } from "../utils/read-headers.js";
import { type RequestPolicy, runAttempt } from "./run-attempt.js";

/** Creates a transport that runs interceptors and the policy of a client around any other Connect transport. */
export function createTransportOver(
  transport: Transport,
  interceptors: readonly Interceptor[],
  policy: RequestPolicy,
): CallTransport {
  const inner = toCallTransport(transport);
  return new CallTransport(
    (call, { method, header, input, contextValues, deadline }) => {
      const attempt = {
        call,
        method,
        requestMethod: "POST",
        // The transport builds the real URL.
        url: `/${method.parent.typeName}/${method.name}`,
        fields: prepareRequest(() => Object.fromEntries(readHeaders(header))),
        message: create(method.input, input),
        contextValues,
        deadline,
      };
      return runAttempt(attempt, { interceptors, policy }, (request) =>
        inner.send(call, { ...request, header: request.fields, input: request.message }),
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
