import { onAbort } from "../abort.js";
import { ByteCollector } from "../byte-collector.js";

/** The limits of reading a body. */
export interface ReadLimits {
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
  /** Makes the error of a body that is too long. Default: that of an answer of the API. */
  readonly tooLarge?: ((maxBytes: number) => Error) | undefined;
}

/**
 * Reads the body of a `fetch` response to its end. If it is longer than `maxBytes`, or `signal` aborts, reading ends at once:
 * the body is cancelled, which closes its connection, and the result is a rejection.
 */
export async function readBody(
  response: Response,
  { maxBytes, signal, tooLarge }: ReadLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const reject = async (): Promise<never> => {
    throw (tooLarge ?? (await import("#failures")).answerTooLarge)(maxBytes);
  };
  // React Native has no streams: there the length is known only afterwards.
  const reader = (response.body as Response["body"] | undefined)?.getReader?.();
  if (reader === undefined) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    return bytes.byteLength > maxBytes ? await reject() : bytes;
  }
  const cancel = (reason: unknown): void => {
    reader.cancel(reason).catch(() => undefined);
  };
  const collected = new ByteCollector(maxBytes);
  // A `fetch` of the caller's need not heed the signal.
  const unlisten = signal && onAbort(signal, () => cancel(signal.reason));
  try {
    if (Number(response.headers.get("content-length")) > maxBytes) {
      await reject();
    }
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (!collected.add(chunk.value)) {
        await reject();
      }
    }
    signal?.throwIfAborted();
    return collected.bytes();
  } catch (error) {
    cancel(error);
    throw error;
  } finally {
    unlisten?.();
  }
}
