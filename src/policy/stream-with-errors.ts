import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { StreamResponse, Transport } from "@connectrpc/connect";
import { Call, callOf, withCall } from "../call/call.js";
import type { StreamCall } from "../call/stream-call.js";
import { Deadline } from "../call/deadline.js";
import type { Protocol } from "../call/protocol.js";
import { convertError } from "./errors/convert-error.js";

/** The options of `withErrors` that streams use. */
interface StreamOptions {
  readonly protocol?: Protocol | undefined;
  readonly baseUrl?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Opens a stream and converts its errors into `ZitadelError`s, at the start and between messages. The deadline of a stream is
 * left to the transport.
 */
export async function streamWithErrors<I extends DescMessage, O extends DescMessage>(
  inner: Transport,
  { protocol, baseUrl, ...options }: StreamOptions,
  { method, signal, timeoutMs, header, input, contextValues }: StreamCall<I, O>,
): Promise<StreamResponse<I, O>> {
  const call = new Call(new Deadline(), callOf(contextValues), options.secrets);
  const values = withCall(call, contextValues);
  const fail = async (thrown: unknown): Promise<never> => {
    throw await convertError(thrown, { method, input: undefined, protocol, baseUrl, call });
  };
  call.sent = true;
  const response = await inner
    .stream(method, signal, timeoutMs ?? options.timeoutMs, header, input, values)
    .catch(fail);
  return { ...response, message: mapErrors(response.message, fail) };
}

async function* mapErrors<O extends DescMessage>(
  messages: AsyncIterable<MessageShape<O>>,
  fail: (thrown: unknown) => Promise<never>,
): AsyncGenerator<MessageShape<O>> {
  try {
    yield* messages;
  } catch (error) {
    await fail(error);
  }
}
