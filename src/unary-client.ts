import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import type { CallOptions, Client, Transport } from "@connectrpc/connect";
import { unknownName } from "./check-names.js";
import { ignoreRejection } from "./notify.js";
import { attempt } from "./transport/attempt.js";

const optionNames: readonly (keyof CallOptions)[] = [
  "signal",
  "timeoutMs",
  "headers",
  "contextValues",
  "onHeader",
  "onTrailer",
];

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
      if (options !== undefined) {
        const problem = optionsProblem(options);
        if (problem !== undefined) {
          return rejectCall(method, input, problem);
        }
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

/** Returns the reason why the options of a call are wrong. The transport checks the values that it is given. */
function optionsProblem(options: CallOptions): string | undefined {
  // A signal in the place of `{ signal }` would be no limit at all.
  if (Object.prototype.toString.call(options) !== "[object Object]") {
    return "the options of a call must be an object, e.g. { timeoutMs: 5000 }";
  }
  const unknown = unknownName(options, optionNames);
  if (unknown !== undefined) {
    return `option ${unknown}`;
  }
  for (const name of ["onHeader", "onTrailer"] as const) {
    if (options[name] !== undefined && typeof options[name] !== "function") {
      return `option ${name}: must be a function`;
    }
  }
  return undefined;
}

async function rejectCall(
  method: DescMethodUnary,
  input: unknown,
  problem: string,
): Promise<never> {
  const { invalidOptions } = await import("#failures");
  throw invalidOptions(method, input, problem);
}
