import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import type { Protocol } from "../runtime/runtime.js";
import { recordCall } from "./call.js";
import { leftMs, startLimits } from "../transport/limits.js";
import { type Hooks, observe } from "./hooks.js";
import { isDeadlinesDoing, toZitadelError } from "./to-zitadel-error.js";

/** What `withErrors` takes. */
export interface ErrorOptions {
  /** The wire inside, as errors and hooks say it. */
  protocol?: Protocol | undefined;
  /** The address that is called, for hints and hooks. */
  baseUrl?: string | undefined;
  /** The deadline of calls that have none of their own, in milliseconds. 0 or less, and by default: none. */
  timeoutMs?: number | undefined;
  /** What is told of each call. */
  hooks?: Hooks | undefined;
}

/**
 * Makes every failure of a transport a `ZitadelError`, and keeps deadlines: a call ends when its `timeoutMs` has passed or
 * its signal aborts, whatever the transport does. It goes around everything else, so that one deadline holds for tokens,
 * attempts, pauses and bodies; what is inside is told what is left of it.
 */
export function withErrors(inner: Transport, options: ErrorOptions = {}): Transport {
  const { protocol, baseUrl } = options;
  return {
    async unary(method, signal, ownTimeoutMs, header, input, contextValues) {
      const timeoutMs = ownTimeoutMs ?? options.timeoutMs;
      const [record, values] = recordCall(contextValues);
      const observer = observe(options, method, input, record);
      const limits = startLimits(signal, timeoutMs);
      try {
        limits.signal?.throwIfAborted();
        record.waiting = false;
        const response = await limits.race(
          inner.unary(method, limits.signal, leftMs(limits.remainingMs()), header, input, values),
        );
        observer?.succeeded(response);
        return response;
      } catch (thrown) {
        const late = isDeadlinesDoing(ConnectError.from(thrown), limits) ? "deadline" : undefined;
        const error = toZitadelError(thrown, {
          method,
          input,
          protocol,
          baseUrl,
          record,
          timeoutMs,
          ending: limits.ending ?? late,
          abortReason: signal?.reason,
        });
        observer?.failed(error);
        throw error;
      } finally {
        limits.done();
      }
    },
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const [record, values] = recordCall(contextValues);
      const fail = (thrown: unknown): never => {
        throw toZitadelError(thrown, {
          method,
          input: undefined,
          protocol,
          baseUrl,
          record,
        });
      };
      record.waiting = false;
      const response = await inner
        .stream(method, signal, timeoutMs ?? options.timeoutMs, header, input, values)
        .catch(fail);
      return { ...response, message: mapErrors(response.message, fail) };
    },
  };
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
