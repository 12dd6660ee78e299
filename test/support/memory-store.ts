import type { StateStore } from "../../src/providers/index.js";

/** A state store in memory. */
export interface MemoryStore extends StateStore {
  /** The last written text. Undefined before the first write. A test may set it. */
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
