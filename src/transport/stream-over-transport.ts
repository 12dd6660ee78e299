import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { createContextValues, type StreamResponse, type Transport } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import type { StreamCall } from "../call/stream-call.js";
import { prepareRequest } from "../call/prepare-request.js";
import { createRequestFields } from "./create-request-fields.js";
import type { AttemptLayers } from "./run-attempt.js";
import { runStreamPolicy } from "./run-stream-policy.js";

/** Opens a stream over another Connect transport, through the interceptors and the policy of a client. */
export async function streamOverTransport<I extends DescMessage, O extends DescMessage>(
  transport: Transport,
  { interceptors, policy }: AttemptLayers,
  { method, signal, timeoutMs, header, input, contextValues }: StreamCall<I, O>,
): Promise<StreamResponse<I, O>> {
  return await runStreamingCall<I, O>({
    ...(timeoutMs !== undefined && timeoutMs > 0 && { timeoutMs }),
    ...(signal && { signal }),
    interceptors: [...interceptors],
    req: {
      stream: true,
      service: method.parent,
      method,
      requestMethod: "POST",
      // The transport builds the real URL.
      url: `/${method.parent.typeName}/${method.name}`,
      header: new Headers(prepareRequest(() => createRequestFields(header))),
      contextValues: contextValues ?? createContextValues(),
      message: input,
    },
    next: (req) =>
      runStreamPolicy(policy, req, (fields) =>
        transport.stream(
          method,
          req.signal,
          timeoutMs,
          fields,
          // The transport accepts complete messages too.
          req.message as AsyncIterable<MessageInitShape<I>>,
          req.contextValues,
        ),
      ),
  });
}
