import { setTimeout as sleep } from "node:timers/promises";

/** Repeats a step that only a restart of the server can disturb. */
export async function untilDone(step: () => Promise<unknown>): Promise<void> {
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
