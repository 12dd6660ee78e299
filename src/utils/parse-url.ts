/** Parses an absolute URL, or one relative to `base`. Returns undefined if the text is not a URL. */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    const url = new URL(text, base);
    // React Native's URL accepts any text.
    return url.protocol === "" ? undefined : url;
  } catch {
    return undefined;
  }
}
