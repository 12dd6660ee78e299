/**
 * Keeps the scopes of the write model if an update has none, because an update cannot empty them. Returns true if the server
 * counts that as a change.
 */
export function keepScopes(
  updated: { scopes: string[] },
  stored: { readonly scopes: readonly string[] },
): boolean {
  if (updated.scopes.length > 0 || stored.scopes.length === 0) {
    return false;
  }
  updated.scopes = [...stored.scopes];
  return true;
}
