import type { StateStore } from "../../src/providers/index.js";

/** A state store in memory. */
export interface MemoryStore extends StateStore {
  /** The text that was written last. Undefined before that. A test may change it. */
  text: string | undefined;
}

/** Creates a state store in memory. */
export function createMemoryStore(): MemoryStore {
  const store: MemoryStore = {
    text: undefined,
    read: () => Promise.resolve(store.text),
    write: (text) => {
      store.text = text;
      return Promise.resolve();
    },
  };
  return store;
}
