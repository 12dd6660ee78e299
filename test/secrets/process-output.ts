import { inspect } from "node:util";
import { vi } from "vitest";

/** The output of the code under test besides its results. */
export interface ProcessOutput extends Disposable {
  readonly texts: readonly string[];
}

const methods = ["debug", "dir", "error", "info", "log", "trace", "warn"] as const;

/** Records consoles, standard streams and warnings. */
export function recordProcessOutput(): ProcessOutput {
  const texts: string[] = [];
  const spies = [
    ...methods.map((name) =>
      vi.spyOn(console, name).mockImplementation((...said: unknown[]) => {
        texts.push(said.map((each) => (typeof each === "string" ? each : inspect(each))).join(" "));
      }),
    ),
    ...[process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((chunk) => {
        texts.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
        return true;
      }),
    ),
  ];
  const warn = (warning: Error): void => void texts.push(inspect(warning));
  process.on("warning", warn);
  return {
    texts,
    [Symbol.dispose]() {
      process.off("warning", warn);
      spies.forEach((spy) => spy.mockRestore());
    },
  };
}
