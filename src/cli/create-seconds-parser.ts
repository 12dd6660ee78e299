import { InvalidArgumentError } from "commander";

const maxSeconds = 86_400;

/** Creates a parser for an option in seconds, which throws an InvalidArgumentError for any text but a number in range. */
export function createSecondsParser({
  isZeroAllowed,
}: {
  isZeroAllowed: boolean;
}): (text: string) => number {
  const range = isZeroAllowed ? `from 0 to ${maxSeconds}` : `above 0 and at most ${maxSeconds}`;
  return (text) => {
    const seconds = text.trim() === "" ? Number.NaN : Number(text);
    const isAboveMinimum = isZeroAllowed ? seconds >= 0 : seconds > 0;
    if (!(isAboveMinimum && seconds <= maxSeconds)) {
      throw new InvalidArgumentError(`must be a number of seconds ${range}`);
    }
    return seconds;
  };
}
