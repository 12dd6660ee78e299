/** What the repeats of all calls of a client may draw from, so that a server in trouble is not buried under them. */
export interface RetryBudget {
  /** Takes the price of one repeat. False if there is not enough left. */
  take(): boolean;
  /** A call went well. */
  refill(): void;
}

/** A hundred repeats in a row are possible: what may be under way when a connection breaks. Then it is one for five successes. */
const full = 500;
const price = 5;

export function createRetryBudget(): RetryBudget {
  let tokens = full;
  return {
    take() {
      if (tokens < price) {
        return false;
      }
      tokens -= price;
      return true;
    },
    refill() {
      tokens = Math.min(full, tokens + 1);
    },
  };
}
