/** A signal that wakes waiting calls when something may have changed. */
export interface ChangeSignal {
  /** Makes every waiting call check its condition again. */
  notify(): void;
  /** Waits until `isChanged` returns true, the caller gives up, or `maxMs` have passed. */
  wait(isChanged: () => boolean, maxMs: number, signal: AbortSignal): Promise<void>;
}

/** Creates a change signal without waiting calls. */
export function createChangeSignal(): ChangeSignal {
  const waiting = new Set<() => void>();
  return {
    notify() {
      waiting.forEach((check) => check());
    },
    async wait(isChanged, maxMs, signal) {
      if (signal.aborted || isChanged()) {
        return;
      }
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          waiting.delete(check);
          clearTimeout(timer);
          signal.removeEventListener("abort", finish);
          resolve();
        };
        const check = (): void => {
          if (isChanged()) {
            finish();
          }
        };
        const timer = setTimeout(finish, maxMs);
        signal.addEventListener("abort", finish);
        waiting.add(check);
      });
    },
  };
}
