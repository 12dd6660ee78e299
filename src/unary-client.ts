import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import type { CallOptions, Client, Transport } from "@connectrpc/connect";
import { ignoreRejection } from "./notify.js";
import { attempt } from "./transport/attempt.js";
import { areCallOptions } from "./transport/call-options.js";

/**
 * Makes a client for a service of unary RPCs: what Connect's `createClient` makes of it, without the code for streams, which
 * is half of that. A call with an option that does not exist fails (`invalid_argument`): a misspelt deadline would be none.
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
        // Headers may be made on the first look, so they are left alone where nobody asks for them.
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
