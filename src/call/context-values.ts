import type { ContextKey, ContextValues } from "@connectrpc/connect";

/**
 * Creates empty context values, like Connect's `createContextValues`. Importing Connect's module would also load all code that
 * its package shares with parts that are loaded later.
 */
export function noContextValues(): ContextValues {
  return new Values();
}

class Values implements ContextValues {
  #values: Map<symbol, unknown> | undefined;

  get<T>({ id, defaultValue }: ContextKey<T>): T {
    return this.#values?.has(id) ? (this.#values.get(id) as T) : defaultValue;
  }

  set<T>({ id }: ContextKey<T>, value: T): this {
    (this.#values ??= new Map()).set(id, value);
    return this;
  }

  delete({ id }: ContextKey<unknown>): this {
    this.#values?.delete(id);
    return this;
  }
}
