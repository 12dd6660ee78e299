/**
 * Starts `work`, and makes a rejection of what it throws at once. In the place of an async function around each call, which
 * would cost each of its layers a promise and two turns of the queue.
 */
export function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}
