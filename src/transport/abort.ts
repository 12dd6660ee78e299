/** What is to be told of each signal. One listener a signal serves any number of calls: Node.js warns from the eleventh on. */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `then` when `signal` aborts, at once if it has. The result ends that, and leaves nothing behind. */
export function onAbort(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) {
    then();
    return () => undefined;
  }
  let waiting = watched.get(signal);
  if (waiting === undefined) {
    waiting = new Set();
    watched.set(signal, waiting);
    signal.addEventListener("abort", tellAll, { once: true });
  }
  const all = waiting;
  // Of its own: the same function may wait twice.
  const entry = (): void => then();
  all.add(entry);
  return () => {
    if (all.delete(entry) && all.size === 0 && watched.get(signal) === all) {
      watched.delete(signal);
      signal.removeEventListener("abort", tellAll);
    }
  };
}

function tellAll(this: AbortSignal): void {
  const waiting = watched.get(this);
  watched.delete(this);
  for (const entry of waiting ?? []) {
    entry();
  }
}
