/** What the repeats of all calls of a client may draw from, so that a server in trouble is not buried under them. */
export interface RetryBudget {
  /** Takes the price of one repeat. False if there is not enough left. */
  take(): boolean;
  /** A call went well. */
  refill(): void;
}

const full = 100;
/** So 20 repeats in a row are possible, and then one for each five calls that go well. */
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
