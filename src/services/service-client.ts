import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import {
  type CallOptions,
  type Client,
  Code,
  createClient,
  type Transport,
} from "@connectrpc/connect";
import { unsentError } from "../call/attempt-error.js";
import { Call } from "../call/call.js";
import { callOptionsProblem } from "../call/call-options.js";
import { Deadline } from "../call/deadline.js";
import { convertError } from "../policy/errors/convert-error.js";
import { ignoreRejection } from "../utils/notify.js";

type UnaryMethod = (input: unknown, options?: CallOptions) => Promise<unknown>;

/**
 * Creates a Connect client for a service of unary RPCs. A call with an unknown option fails with `invalid_argument`, because a
 * misspelt `timeoutMs` would mean no deadline. The rejection of an asynchronous `onHeader` or `onTrailer` is ignored.
 */
export function createServiceClient<S extends DescService>(
  service: S,
  transport: Transport,
): Client<S> {
  const client = createClient(service, transport) as Record<string, UnaryMethod>;
  for (const method of service.methods) {
    const call = client[method.localName];
    if (call !== undefined) {
      client[method.localName] = (input, options) => {
        if (options === undefined) {
          return call(input);
        }
        const problem = callOptionsProblem(options);
        return problem === undefined
          ? call(input, withSafeCallbacks(options))
          : rejectOptions(method as DescMethodUnary, input, problem);
      };
    }
  }
  return client as Client<S>;
}

function withSafeCallbacks(options: CallOptions): CallOptions {
  const { onHeader, onTrailer } = options;
  return {
    ...options,
    ...(onHeader && { onHeader: (headers) => ignoreRejection(onHeader(headers)) }),
    ...(onTrailer && { onTrailer: (trailers) => ignoreRejection(onTrailer(trailers)) }),
  };
}

async function rejectOptions(
  method: DescMethodUnary,
  input: unknown,
  problem: string,
): Promise<never> {
  const error = unsentError(problem, Code.InvalidArgument);
  const call = new Call(new Deadline());
  throw await convertError(error, {
    method,
    input,
    call,
    protocol: undefined,
    baseUrl: undefined,
  });
}
