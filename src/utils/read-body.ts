import { onAbort } from "./abort.js";
import { ByteCollector } from "./byte-collector.js";

/** Limits for reading a body. */
interface ReadLimits {
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
  /** The function that creates the error of a body that is too long. */
  readonly tooLarge: (maxBytes: number) => Error;
}

/**
 * Reads the body of a `fetch` response to its end. If the body is longer than `maxBytes`, or `signal` aborts, the function
 * cancels the body at once, which closes its connection, and rejects.
 */
export async function readBody(
  response: Response,
  { maxBytes, signal, tooLarge }: ReadLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  // React Native has no streams, so the length is only known at the end.
  const reader = (response.body as Response["body"] | undefined)?.getReader?.();
  if (reader === undefined) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.byteLength > maxBytes) {
      throw tooLarge(maxBytes);
    }
    return bytes;
  }
  const cancel = (reason: unknown): void => {
    reader.cancel(reason).catch(() => undefined);
  };
  const collected = new ByteCollector(maxBytes);
  // The caller's own `fetch` may ignore the signal.
  const stopListening = signal && onAbort(signal, () => cancel(signal.reason));
  try {
    if (Number(response.headers.get("content-length")) > maxBytes) {
      throw tooLarge(maxBytes);
    }
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (!collected.add(chunk.value)) {
        throw tooLarge(maxBytes);
      }
    }
    if (signal?.aborted) {
      throw signal.reason;
    }
    return collected.bytes();
  } catch (error) {
    cancel(error);
    throw error;
  } finally {
    stopListening?.();
  }
}
