import type {
  DescMessage,
  DescMethodStreaming,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { ContextValues, StreamResponse, Transport } from "@connectrpc/connect";
import { recordCall } from "../../call/call-record.js";
import type { ErrorOptions } from "./with-errors.js";
import { toZitadelError } from "./to-zitadel-error.js";

/**
 * Opens a stream and converts its errors into `ZitadelError`s, at the start and between messages. The deadline of a stream is
 * left to the transport.
 */
export async function streamWithErrors<I extends DescMessage, O extends DescMessage>(
  inner: Transport,
  { protocol, baseUrl, ...options }: ErrorOptions,
  method: DescMethodStreaming<I, O>,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  header: HeadersInit | undefined,
  input: AsyncIterable<MessageInitShape<I>>,
  contextValues?: ContextValues,
): Promise<StreamResponse<I, O>> {
  const [record, values] = recordCall(contextValues);
  const fail = (thrown: unknown): never => {
    throw toZitadelError(thrown, { method, input: undefined, protocol, baseUrl, record });
  };
  record.sent = true;
  const response = await inner
    .stream(method, signal, timeoutMs ?? options.timeoutMs, header, input, values)
    .catch(fail);
  return { ...response, message: mapErrors(response.message, fail) };
}

async function* mapErrors<O extends DescMessage>(
  messages: AsyncIterable<MessageShape<O>>,
  fail: (thrown: unknown) => never,
): AsyncGenerator<MessageShape<O>> {
  try {
    yield* messages;
  } catch (error) {
    fail(error);
  }
}
