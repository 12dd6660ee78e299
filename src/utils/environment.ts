/**
 * True in a browser: a page, or one of its workers. Only there do CORS rules limit the headers of a request. React Native has a
 * `window` but neither of the two globals, and workerd has no `importScripts`.
 */
export const isBrowser: boolean = typeof document === "object" || "importScripts" in globalThis;
