import { type Command, Option } from "commander";
import type { Context, Sink } from "./context.js";
import { escapedQuotes, printable } from "../printable.js";

/** The options that say how a command speaks. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** How a command speaks. */
export interface Output {
  readonly isJson: boolean;
  readonly isColoured: boolean;
  /** The result: one JSON document for programs, text for people. */
  result(json: unknown, text: () => string): void;
  /** Something to know beside the result, for people. */
  note(text: string): void;
  /** How far it is: replaces what was said before. Nothing is left of it in the end. */
  progress(text: string): void;
  endProgress(): void;
}

export function addOutputOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document; errors are JSON on standard error")
    .option("-q, --quiet", "no notes and no progress")
    .option("--no-color", "no colours; the same as NO_COLOR=1")
    .addOption(new Option("--debug", "show where errors come from"));
}

export function createOutput(
  { env, stdout, stderr }: Context,
  { json = false, quiet = false, color = true }: OutputOptions,
): Output {
  const tells = !json && !quiet;
  return {
    isJson: json,
    isColoured: color && isColoured(stdout, env),
    result(value, text) {
      endProgress(stderr);
      const said = json ? escapedQuotes(JSON.stringify(value, null, 2)) : text();
      stdout.write(said === "" || said.endsWith("\n") ? said : `${said}\n`);
    },
    note(text) {
      endProgress(stderr);
      if (tells) {
        stderr.write(`${text}\n`);
      }
    },
    progress(text) {
      if (tells && stderr.isTTY && env["TERM"] !== "dumb") {
        stderr.write(`${clear}${printable(text)}`);
        showingProgress.add(stderr);
      }
    },
    endProgress: () => endProgress(stderr),
  };
}

const clear = "\r\u001b[2K";
const showingProgress = new WeakSet<Sink>();

/** Takes away what was said of the progress, if anything was. */
export function endProgress(stderr: Sink): void {
  if (showingProgress.delete(stderr)) {
    stderr.write(clear);
  }
}

/** Colour is for people: on a terminal that has it, unless they want none (no-color.org). */
export function isColoured(stream: Context["stdout"], env: Context["env"]): boolean {
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
