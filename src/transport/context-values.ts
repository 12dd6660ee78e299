import type { ContextValues } from "@connectrpc/connect";

/** Connect's `createContextValues`: its module would bring along all that its package shares with parts that load later. */
export function noContextValues(): ContextValues {
  const values = new Map<symbol, unknown>();
  const context: ContextValues = {
    get: <T>({ id, defaultValue }: { readonly id: symbol; readonly defaultValue: T }): T =>
      values.has(id) ? (values.get(id) as T) : defaultValue,
    set: ({ id }, value) => {
      values.set(id, value);
      return context;
    },
    delete: ({ id }) => {
      values.delete(id);
      return context;
    },
  };
  return context;
}
