const jsonType = /^application\/(?:x-nd|[^;\s]+\+)?json\s*(?:;|$)/i;

/** Returns true unless the content type of an answer says that it is not JSON: a login page, a proxy, another protocol. */
export function mayBeJson(contentType: string): boolean {
  return contentType === "" || jsonType.test(contentType);
}
