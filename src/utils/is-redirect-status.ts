/** Returns true for the status of a redirect. Browsers show a redirect that is not followed as an opaque response with the status 0. */
export function isRedirectStatus(status: number): boolean {
  return status === 0 || (status >= 300 && status < 400);
}
