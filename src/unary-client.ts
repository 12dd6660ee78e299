import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import type { CallOptions, Client, Transport } from "@connectrpc/connect";
import { attempt } from "./transport/attempt.js";

/**
 * A client for a service of unary RPCs: what Connect's `createClient` makes of it, without the code for streams, which half
 * of that is.
 */
export function createUnaryClient<S extends DescService>(
  service: S,
  transport: Transport,
): Client<S> {
  const client: Record<string, unknown> = {};
  for (const method of service.methods) {
    client[method.localName] = (input: Record<string, unknown>, options?: CallOptions) => {
      const answer = attempt(() =>
        transport.unary(
          method as DescMethodUnary,
          options?.signal,
          options?.timeoutMs,
          options?.headers,
          input,
          options?.contextValues,
        ),
      );
      return answer.then((response) => {
        // Reading headers may be what makes them.
        options?.onHeader?.(response.header);
        options?.onTrailer?.(response.trailer);
        return response.message;
      });
    };
  }
  return client as Client<S>;
}
