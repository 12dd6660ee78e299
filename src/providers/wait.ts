import { modelOf } from "./list.js";
import type { IdentityProvider } from "./model/provider.js";
import { begin, type OperationOptions } from "./operation.js";
import type { OwnerReads } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";
import { checkId } from "./read.js";

/** What `waitUntilVisible` takes. */
export interface WaitOptions extends OperationOptions {
  /** How long, in milliseconds. Default: 5000. Lists trail writes by some milliseconds, at worst by 116 when it was measured. */
  readonly timeoutMs?: number | undefined;
  /** The sequence that must have been reached at least: that of an update which should show. Default: any. */
  readonly sequence?: string | undefined;
}

const firstPauseMs = 10;
const longestPauseMs = 500;

/** Waits until lists show a provider, or a certain change of it. */
export async function waitUntilVisible(
  api: OwnerReads,
  id: string,
  { timeoutMs = 5000, sequence = "0", signal }: WaitOptions,
): Promise<IdentityProvider> {
  checkId(id);
  const operation = begin({ timeoutMs, signal });
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const { result } = await api.list({ id }, operation.call());
    const [found] = result;
    if (found !== undefined && (found.provider.details?.sequence ?? 0n) >= BigInt(sequence)) {
      return await modelOf(api, operation)(found);
    }
    if (operation.remainingMs() <= pauseMs) {
      const what = found === undefined ? "no list shows it" : `lists show it before ${sequence}`;
      throw new ProviderError({
        reason: "timeout",
        about: `waiting for provider ${id}`,
        problems: [{ path: [], message: `after ${timeoutMs} ms ${what}` }],
      });
    }
    await operation.pause(pauseMs);
  }
}
