import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import type { CallOptions, Client, Transport } from "@connectrpc/connect";
import { ignoreRejection } from "./utils/notify.js";
import { attempt } from "./call/attempt.js";
import { areCallOptions } from "./call/call-options.js";

/**
 * Creates a client for a service of unary RPCs, like Connect's `createClient` but without the code for streams, which is half of
 * it. A call with an unknown option fails with `invalid_argument`, because a misspelt `timeoutMs` would mean no deadline.
 */
export function createUnaryClient<S extends DescService>(
  service: S,
  transport: Transport,
): Client<S> {
  const client: Record<string, unknown> = {};
  for (const each of service.methods) {
    const method = each as DescMethodUnary;
    client[method.localName] = (input: Record<string, unknown>, options?: CallOptions) => {
      if (options !== undefined && !areCallOptions(options)) {
        return rejectCall(method, input, options);
      }
      const answer = attempt(() =>
        transport.unary(
          method,
          options?.signal,
          options?.timeoutMs,
          options?.headers,
          input,
          options?.contextValues,
        ),
      );
      return answer.then((response) => {
        // Reading the headers may create them, so they are only read for a callback.
        if (options?.onHeader) {
          ignoreRejection(options.onHeader(response.header));
        }
        if (options?.onTrailer) {
          ignoreRejection(options.onTrailer(response.trailer));
        }
        return response.message;
      });
    };
  }
  return client as Client<S>;
}

async function rejectCall(
  method: DescMethodUnary,
  input: unknown,
  options: object,
): Promise<never> {
  const { invalidOptions } = await import("#failures");
  throw invalidOptions(method, input, options);
}
