import { attempt } from "../attempt.js";
import type { RestResponse } from "../../rest/response.js";

/** A request of one piece. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends a request, and reads the response to its end. A redirect comes back as it is: following it would carry the token to
 * another place. Fails with what the network or the signal says.
 */
export type HttpSend = (url: string, request: HttpRequest) => Promise<RestResponse>;

/** Gives failures of the network a code, and leaves aborts and deadlines to Connect. */
export function reach<T>(attempted: () => Promise<T>, headers?: readonly string[]): Promise<T> {
  return attempt(attempted).catch(async (error: unknown) => {
    if (error instanceof Error && /^(?:Connect|Abort|Timeout)Error$/.test(error.name)) {
      throw error;
    }
    const { networkError } = await import("#failures");
    throw networkError(error, headers ?? []);
  });
}
