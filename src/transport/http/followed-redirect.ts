import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { parseUrl } from "../../utils/parse-url.js";

/**
 * Returns true if `fetch` followed a redirect although it was told not to, as React Native's does. There, responses have no property
 * `redirected`, so their address decides. Ignores the port, because systems drop a default port.
 */
export function hasFollowedRedirect(response: Partial<Response>, requested: string): boolean {
  const { redirected, url = "" } = response;
  if (redirected !== undefined) {
    return redirected;
  }
  const [from, to] = [parseUrl(requested), parseUrl(url)];
  return (
    from !== undefined &&
    to !== undefined &&
    (from.protocol !== to.protocol ||
      from.hostname.toLowerCase() !== to.hostname.toLowerCase() ||
      from.pathname !== to.pathname)
  );
}

/** Throws if `fetch` followed a redirect. The first server may have carried out the request, and so may the second. */
export function rejectFollowedRedirect(response: Response, requested: string): void {
  if (hasFollowedRedirect(response, requested)) {
    const text =
      "the server answered with a redirect, which the fetch of this runtime has followed";
    throw new AttemptError(text, Code.Unknown, { isUnusable: true, misrouting: "redirect" });
  }
}
