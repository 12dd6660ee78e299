/** What is to be told of each signal. One listener a signal serves any number of calls: Node.js warns from the eleventh on. */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/** Signals whose makers tell those who wait by themselves. */
const spokenFor = new WeakSet<AbortSignal>();

/**
 * Makes `signal` one that its maker speaks for: having aborted it, the maker calls the result, which tells all that wait.
 * Listening to a signal costs more than all else that a deadline needs.
 */
export function speakFor(signal: AbortSignal): () => void {
  spokenFor.add(signal);
  return () => tellAll.call(signal);
}

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
    if (!spokenFor.has(signal)) {
      signal.addEventListener("abort", tellAll, { once: true });
    }
  }
  const all = waiting;
  // Of its own: the same function may wait twice.
  const entry = (): void => then();
  all.add(entry);
  return () => {
    if (all.delete(entry) && all.size === 0 && watched.get(signal) === all) {
      watched.delete(signal);
      if (!spokenFor.has(signal)) {
        signal.removeEventListener("abort", tellAll);
      }
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
