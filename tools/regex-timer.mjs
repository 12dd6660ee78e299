// A worker of tools/regexes.mjs, which terminates the worker if an expression takes too long.
import { parentPort, workerData } from "node:worker_threads";
import { inputsFor } from "./regex-inputs.mjs";

const length = 64 * 1024;
/** The time in milliseconds above which a measurement is retried, because garbage collection and other programs disturb it. */
const suspectMs = 4;
/** The time in milliseconds above which an expression is not linear and needs no further inputs. */
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

/** Measures the search for all matches, as `replace` and `matchAll` do. A search for one match takes no longer. */
function measure({ pattern, flags }, input) {
  // A sticky expression would search at one position only, so remove its flag.
  const regex = new RegExp(pattern, `${flags.replace(/[gy]/g, "")}g`);
  let lastIndex = -1;
  const startedMs = performance.now();
  while (regex.test(input)) {
    // An empty match does not advance by itself.
    regex.lastIndex += regex.lastIndex > lastIndex ? 0 : 1;
    lastIndex = regex.lastIndex;
  }
  return performance.now() - startedMs;
}
