/**
 * The callbacks for each signal. One listener per signal serves any number of calls, because Node.js warns from the eleventh
 * listener on.
 */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` when `signal` aborts, or at once if it has aborted. Returns a function that unregisters the callback and
 * leaves nothing behind.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => undefined;
  }
  // A new function for each registration, because the same callback may be registered twice.
  const entry = (): void => callback();
  const callbacks = watched.get(signal) ?? watch(signal);
  callbacks.add(entry);
  return () => {
    if (callbacks.delete(entry) && callbacks.size === 0 && watched.get(signal) === callbacks) {
      watched.delete(signal);
      signal.removeEventListener("abort", runCallbacks);
    }
  };
}

function watch(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  watched.set(signal, callbacks);
  signal.addEventListener("abort", runCallbacks, { once: true });
  return callbacks;
}

function runCallbacks(this: AbortSignal): void {
  const callbacks = watched.get(this) ?? [];
  watched.delete(this);
  for (const callback of callbacks) {
    callback();
  }
}

/** Aborts a signal with a reason. React Native's AbortController takes none, so its signal gets the reason as a property. */
export function abortWith(controller: AbortController, reason: unknown): void {
  const { signal } = controller;
  if (!("reason" in signal)) {
    Object.defineProperty(signal, "reason", { value: reason });
  }
  controller.abort(reason);
}
