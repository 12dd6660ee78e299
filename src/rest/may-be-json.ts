const jsonType = /^application\/(?:x-nd|[^;\s]+\+)?json\s*(?:;|$)/i;

/** Returns true for the content type of JSON, and for none. Login pages, proxies and other protocols send other content types. */
export function mayBeJson(contentType: string): boolean {
  return contentType === "" || jsonType.test(contentType);
}
