/** The budget that all retries of a client share, so that they do not overload a server in trouble. */
export interface RetryBudget {
  /** Takes the price of one retry. Returns false if the budget is too low. */
  take(): boolean;
  /** Adds the reward for a successful call. */
  refill(): void;
}

/**
 * A full budget pays for a hundred retries in a row, as many calls as may be open when a connection breaks. After that, five
 * successes pay for one retry.
 */
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
