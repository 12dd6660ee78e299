/** The driver in a browser: the same script for the page and its web worker. */
import { drive, type Report, type Setup } from "./driver.js";

declare global {
  /** Runs the driver in the page. */
  var driveHere: (setup: Setup) => Promise<Report>;
  /** Runs the driver in a module worker created from the script at `url`. */
  var driveInWorker: (setup: Setup, url: string) => Promise<Report>;
}

globalThis.driveHere = (setup) => drive(setup);

globalThis.driveInWorker = async (setup, url) => {
  const worker = new Worker(url, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      worker.addEventListener("message", ({ data }: MessageEvent<Report>) => resolve(data));
      worker.postMessage(setup);
    });
  } finally {
    worker.terminate();
  }
};

if (typeof document === "undefined") {
  addEventListener("message", ({ data }: MessageEvent<Setup>) => {
    void drive(data).then((report) => postMessage(report));
  });
}
