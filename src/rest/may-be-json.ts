const jsonType = /^application\/(?:x-nd|[^;\s]+\+)?json\s*(?:;|$)/i;

/**
 * Returns true if a response may be JSON by its content type. Login pages, proxies and other protocols send other content types.
 */
export function mayBeJson(contentType: string): boolean {
  return contentType === "" || jsonType.test(contentType);
}
