/** What is to be told of each signal. One listener a signal serves any number of calls: Node.js warns from the eleventh on. */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * What is to be told of a signal whose maker tells those who wait by itself. On the signal: there is one for each call that
 * has a deadline, and whatever is in a WeakMap for so short a time costs the garbage collector more than the call itself.
 */
const told = Symbol("waiting for this signal");

type Told = AbortSignal & { [told]?: Set<() => void> };

/**
 * Makes `signal` one that its maker speaks for: having aborted it, the maker calls the result, which tells all that wait.
 * Listening to a signal costs more than all else that a deadline needs.
 */
export function speakFor(signal: AbortSignal): () => void {
  const waiting = new Set<() => void>();
  (signal as Told)[told] = waiting;
  return () => tell(waiting);
}

/** Calls `then` when `signal` aborts, at once if it has. The result ends that, and leaves nothing behind. */
export function onAbort(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) {
    then();
    return () => undefined;
  }
  // Of its own: the same function may wait twice.
  const entry = (): void => then();
  const waiting = (signal as Told)[told];
  if (waiting !== undefined) {
    waiting.add(entry);
    return () => void waiting.delete(entry);
  }
  const all = watch(signal);
  all.add(entry);
  return () => {
    if (all.delete(entry) && all.size === 0 && watched.get(signal) === all) {
      watched.delete(signal);
      signal.removeEventListener("abort", tellWatched);
    }
  };
}

function watch(signal: AbortSignal): Set<() => void> {
  let waiting = watched.get(signal);
  if (waiting === undefined) {
    waiting = new Set();
    watched.set(signal, waiting);
    signal.addEventListener("abort", tellWatched, { once: true });
  }
  return waiting;
}

function tellWatched(this: AbortSignal): void {
  const waiting = watched.get(this);
  watched.delete(this);
  tell(waiting ?? []);
}

function tell(waiting: Iterable<() => void>): void {
  for (const entry of waiting) {
    entry();
  }
}

/** Throws the reason of `signal` if it has aborted. Not every runtime has the method of this name. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw signal.reason;
  }
}

/** Returns what `work` gives, or rejects with the reason of `signal` as soon as that aborts. `work` goes on. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return work;
  }
  return new Promise((resolve, reject) => {
    const unlisten = onAbort(signal, () => reject(signal.reason));
    work.then(
      (result) => {
        unlisten();
        resolve(result);
      },
      (error: unknown) => {
        unlisten();
        reject(error);
      },
    );
  });
}
