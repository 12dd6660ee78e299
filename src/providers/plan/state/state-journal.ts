import { type ApplyState, formatState, readStoredState, type StateOptions } from "./apply-state.js";
import { createRandomText } from "./random-text.js";

/** A state that is being changed. Each change is written before the next one. */
export interface StateJournal {
  readonly current: ApplyState;
  /**
   * Writes a change. Throws an Error if another run has written in the meantime, whose changes the write would lose.
   */
  change(change: (state: ApplyState) => ApplyState): Promise<void>;
}

/** Reads the state of a run that will change it. Without options, changes stay in memory. */
export async function openStateJournal(options: StateOptions | undefined): Promise<StateJournal> {
  const store = options?.store;
  const stored = await readStoredState(store);
  let current = stored.state;
  let { revision } = stored;
  const write = async (state: ApplyState): Promise<void> => {
    if ((await readStoredState(store)).revision !== revision) {
      throw new Error(
        "another run has changed the state since this run read it, so this run writes nothing more. Wait until the other run ends, then apply again",
      );
    }
    const next = createRandomText();
    await store?.write(formatState({ state, revision: next }));
    revision = next;
  };
  let lastWrite = Promise.resolve();
  return {
    get current() {
      return current;
    },
    async change(change) {
      const state = (current = change(current));
      if (store !== undefined) {
        lastWrite = lastWrite.then(async () => await write(state));
        await lastWrite;
      }
    },
  };
}
