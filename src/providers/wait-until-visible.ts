import { checkProviderId } from "./argument-rules.js";
import { createProviderConverter } from "./convert-provider.js";
import type { IdentityProvider } from "./model/provider.js";
import { type OperationOptions, startOperation } from "./operation.js";
import type { OwnerReads } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";

/** The options of `waitUntilVisible`. */
export interface WaitOptions extends OperationOptions {
  /**
   * The time to wait, in milliseconds. Lists lag behind writes by some milliseconds (116 ms at worst, when measured). Default:
   * 5000.
   */
  readonly timeoutMs?: number | undefined;
  /** The minimum sequence of the provider, e.g. that of the update to wait for. Default: any. */
  readonly sequence?: string | undefined;
}

const firstPauseMs = 10;
const longestPauseMs = 500;

/** Waits until lists show a provider, or a given change of the provider. */
export async function waitUntilVisible(
  api: OwnerReads,
  id: string,
  { timeoutMs = 5000, sequence = "0", signal }: WaitOptions,
): Promise<IdentityProvider> {
  checkProviderId(id);
  const operation = startOperation({ timeoutMs, signal });
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const { result } = await api.list({ id }, operation.callOptions());
    // Convert by the list of legacy IDPs: a read of one legacy IDP would show a write earlier than the lists do.
    const found = result[0] && (await createProviderConverter(api, operation)(result[0]));
    if (found !== undefined && BigInt(found.sequence) >= BigInt(sequence)) {
      return found;
    }
    if (operation.remainingMs() <= pauseMs) {
      const state =
        found === undefined
          ? "lists do not show the provider"
          : `lists show sequence ${found.sequence} of the provider, not yet ${sequence}`;
      throw new ProviderError({
        reason: "timeout",
        about: `waiting for provider ${id}`,
        problems: [{ path: [], message: `after ${timeoutMs} ms ${state}` }],
      });
    }
    await operation.pause(pauseMs);
  }
}
