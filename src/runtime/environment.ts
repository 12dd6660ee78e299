/**
 * Whether this is a browser: a page, or one of its workers. Only there does CORS decide which headers a request may
 * carry. React Native has a `window` but neither of these, and workerd's globals hold no `importScripts`.
 */
export const isBrowser: boolean = typeof document === "object" || "importScripts" in globalThis;
