/**
 * Runs `work` and converts a synchronous exception into a rejection. An async function in each layer would cost each call a
 * promise and two microtasks per layer.
 */
export function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}
