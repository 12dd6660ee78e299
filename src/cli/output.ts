import { type Command, Option } from "commander";
import { escapeQuotedText, printable } from "../utils/printable.js";
import type { CommandContext, OutputStream } from "./command-context.js";

/** The options for the format and the amount of output. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** The writer of a command's results, notes and progress. */
export interface Output {
  readonly isJson: boolean;
  readonly isColoured: boolean;
  /** Writes the result to standard output: one JSON document for programs, text for people. */
  result(json: unknown, text: () => string): void;
  /** Writes a note for people to standard error. */
  note(text: string): void;
  /** Shows the progress on a terminal, in place of the previous progress line. The line is erased before other output. */
  progress(text: string): void;
  /** Erases the progress line, if one is shown. */
  endProgress(): void;
}

/** Adds the options for the format and the amount of output to a command. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("--json", "print the result as JSON, and errors as JSON on standard error")
    .option("-q, --quiet", "do not print notes and progress")
    .option("--no-color", "do not print colours, as with NO_COLOR=1")
    .addOption(new Option("--debug", "print the stack trace of errors"));
}

/** Creates the writer of a command's output. */
export function createOutput(
  { env, stdout, stderr }: CommandContext,
  { json = false, quiet = false, color = true }: OutputOptions,
): Output {
  const hasNotes = !json && !quiet;
  return {
    isJson: json,
    isColoured: color && isColoured(stdout, env),
    result(value, text) {
      endProgress(stderr);
      const document = json ? escapeQuotedText(JSON.stringify(value, null, 2)) : text();
      stdout.write(document === "" || document.endsWith("\n") ? document : `${document}\n`);
    },
    note(text) {
      endProgress(stderr);
      if (hasNotes) {
        stderr.write(`${text}\n`);
      }
    },
    progress(text) {
      if (hasNotes && stderr.isTTY && env["TERM"] !== "dumb") {
        stderr.write(`${eraseLine}${printable(text)}`);
        withProgressLine.add(stderr);
      }
    },
    endProgress: () => endProgress(stderr),
  };
}

const eraseLine = "\r\u001b[2K";
const withProgressLine = new WeakSet<OutputStream>();

/** Erases the progress line of a stream, if one is shown. */
export function endProgress(stderr: OutputStream): void {
  if (withProgressLine.delete(stderr)) {
    stderr.write(eraseLine);
  }
}

/** Returns true for a terminal with colours, unless NO_COLOR is set (no-color.org). */
export function isColoured(stream: CommandContext["stdout"], env: CommandContext["env"]): boolean {
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
