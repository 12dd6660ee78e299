import { isOutcomeUnknown, type ZitadelError } from "../policy/zitadel-error.js";

/**
 * Makes something, and finds out what became of it when the answer is lost: nothing is made twice, and nothing is reported as lost
 * that is there. `find` looks for it, or fails.
 */
export async function settled<T>(
  make: () => Promise<T>,
  find: (error: ZitadelError) => Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isOutcomeUnknown(error)) {
      throw error;
    }
    return await find(error);
  }
}
