// A worker of tools/regexes.mjs, which ends it when an expression takes too long.
import { parentPort, workerData } from "node:worker_threads";
import { inputsFor } from "./regex-inputs.mjs";

const length = 64 * 1024;
/** A slower measurement is repeated: garbage collection and other programs disturb. In milliseconds. */
const suspectMs = 4;
/** A slower expression is not linear, and needs no further inputs. In milliseconds. */
const enoughMs = 500;

let worstMs = 0;
for (const input of inputsFor(workerData, length)) {
  worstMs = Math.max(worstMs, timeOf(workerData, input));
  parentPort.postMessage({ worstMs });
  if (worstMs > enoughMs) {
    break;
  }
}
parentPort.postMessage({ worstMs, isDone: true });

function timeOf(regex, input) {
  let best = measure(regex, input);
  for (let again = 0; again < 4 && best > suspectMs && best < enoughMs; again++) {
    best = Math.min(best, measure(regex, input));
  }
  return best;
}

/** Looks for all matches, as `replace` and `matchAll` do: a search for one takes no longer. */
function measure({ pattern, flags }, input) {
  // A sticky one looks in one place only, and is searched for like the others.
  const regex = new RegExp(pattern, `${flags.replace(/[gy]/g, "")}g`);
  let lastIndex = -1;
  const begun = performance.now();
  while (regex.test(input)) {
    // An empty match does not move on by itself.
    regex.lastIndex += regex.lastIndex > lastIndex ? 0 : 1;
    lastIndex = regex.lastIndex;
  }
  return performance.now() - begun;
}
