import type {
  DescMessage,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { CallOptions, Transport } from "@connectrpc/connect";
import { findCallOptionsProblem } from "../call/call-options.js";
import { convertUnsentProblem } from "../policy/errors/convert-error.js";
import { ignoreRejection } from "../utils/notify.js";
import type { Optional } from "../utils/optional.js";

/** A service whose RPCs are all unary, as those of both services of this package are. */
type UnaryService = DescService & { readonly method: Readonly<Record<string, DescMethodUnary>> };

/** The function that calls one RPC. */
type UnaryFunction<I extends DescMessage, O extends DescMessage> = (
  input: MessageInitShape<I>,
  options?: Optional<CallOptions>,
) => Promise<MessageShape<O>>;

/** A client with one method per RPC of a service. Unlike Connect's `Client`, it accepts `undefined` as the value of an option. */
export type ServiceClient<S extends UnaryService> = {
  [Name in keyof S["method"]]: UnaryFunction<
    S["method"][Name]["input"],
    S["method"][Name]["output"]
  >;
};

/**
 * Creates a client for a service of unary RPCs, like Connect's `createClient`. In addition, a call with an unknown option fails
 * with `invalid_argument`, because a misspelt `timeoutMs` would mean no deadline.
 */
export function createServiceClient<S extends UnaryService>(
  service: S,
  transport: Transport,
): ServiceClient<S> {
  const client: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(service.method)) {
    client[name] = createUnaryFunction(transport, method);
  }
  return client as ServiceClient<S>;
}

function createUnaryFunction<I extends DescMessage, O extends DescMessage>(
  transport: Transport,
  method: DescMethodUnary<I, O>,
): UnaryFunction<I, O> {
  return async (input, options = {}) => {
    const problem = findCallOptionsProblem(options);
    if (problem !== undefined) {
      throw await convertUnsentProblem(problem, method, input);
    }
    const { signal, timeoutMs, headers, contextValues, onHeader, onTrailer } = options;
    const response = await transport.unary(
      method,
      signal,
      timeoutMs,
      headers,
      input,
      contextValues,
    );
    // Reading the headers may create them, so they are only read for a callback. The rejection of an asynchronous one is ignored.
    if (onHeader !== undefined) {
      ignoreRejection(onHeader(response.header));
    }
    if (onTrailer !== undefined) {
      ignoreRejection(onTrailer(response.trailer));
    }
    return response.message;
  };
}
