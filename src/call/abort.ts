/**
 * The callbacks for each signal. One listener per signal serves any number of calls, because Node.js warns from the eleventh
 * listener on.
 */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * The property with the callbacks of a signal whose creator notifies them directly. It is a property of the signal instead of a
 * WeakMap entry, because each call with a deadline has a signal, and an entry with so short a life costs the garbage collector
 * more than the call itself.
 */
const told = Symbol("waiting for this signal");

type Told = AbortSignal & { [told]?: Set<() => void> };

/**
 * Registers `signal` as one whose creator notifies the callbacks directly. Returns a function that the creator must call after
 * aborting the signal. An event listener would cost more than everything else that a deadline needs.
 */
export function speakFor(signal: AbortSignal): () => void {
  const waiting = new Set<() => void>();
  (signal as Told)[told] = waiting;
  return () => tell(waiting);
}

/**
 * Calls `then` when `signal` aborts, or at once if it has aborted. Returns a function that unregisters `then` and leaves nothing
 * behind.
 */
export function onAbort(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) {
    then();
    return () => undefined;
  }
  // A new function for each registration, because the same callback may be registered twice.
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

/** Returns the result of `work`, or rejects with the reason of `signal` as soon as that aborts. `work` continues. */
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
