/** The largest difference between two clocks that is common and harmless, in milliseconds. */
export const harmlessClockDifferenceMs = 5000;
