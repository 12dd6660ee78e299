/** Returns the address of this page, which the application in ZITADEL must have as a redirect URI. */
export function readRedirectUri(): string {
  return location.origin + location.pathname;
}
