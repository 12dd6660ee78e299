/** Creates a text of 16 random bytes in base64. */
export function createRandomText(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
