import { setTimeout as sleep } from "node:timers/promises";

/** Runs a step, and repeats it up to five times if it fails. Only a restart of the server can make it fail. */
export async function retryStep(step: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await step();
      return;
    } catch (error) {
      if (attempt === 5) {
        throw error;
      }
      await sleep(200);
    }
  }
}
