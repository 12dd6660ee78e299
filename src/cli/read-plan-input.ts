import type { Severity } from "../lint/finding.js";
import { lintDesiredState } from "../lint/lint-desired-state.js";
import type { DesiredState } from "../providers/index.js";
import { findDesiredValueProblems } from "../providers/plan/desired/desired-value-problems.js";
import { printable } from "../utils/printable.js";
import type { CommandContext } from "./command-context.js";
import type { ConnectionConfig } from "./connection/connection-config.js";
import { findConnection } from "./connection/find-connection.js";
import { type ProviderFile, readDesiredState } from "./documents/provider-file.js";
import type { PlanFileOptions } from "./options/plan-file-options.js";
import { createOutput, type Output } from "./output.js";
import { formatFinding } from "./report/format-finding.js";
import { displayPath } from "./secrets/display-path.js";
import { placeFindings } from "./validate-file.js";

/** The input of `plan` and `apply`. */
export interface PlanInput {
  readonly output: Output;
  readonly connection: ConnectionConfig;
  readonly desired: DesiredState;
  /** Converts an error about the desired state into one about the file. Returns any other error unchanged. */
  locateError(error: unknown): unknown;
}

/** The severities of the findings that `plan` and `apply` print as warnings. */
const warnedSeverities: ReadonlySet<Severity> = new Set(["broken", "risk"]);

/** Reads the connection and the provider file of `plan` and `apply`. Prints warnings about mistakes that the server accepts. */
export async function readPlanInput(
  context: CommandContext,
  file: string,
  options: PlanFileOptions,
): Promise<PlanInput> {
  const output = createOutput(context, options);
  const connection = findConnection(context, options);
  const allowEnv = [...options.allowEnv, ...connection.allowEnv];
  const provided = await readDesiredState(context, file, allowEnv);
  const { value: desired, locateError } = provided;
  printFileWarnings(provided, output);
  return { output, connection, desired, locateError };
}

function printFileWarnings(file: ProviderFile<DesiredState>, output: Output): void {
  const findings = lintDesiredState(file.value).filter(({ finding }) =>
    warnedSeverities.has(finding.severity),
  );
  for (const finding of placeFindings(findings, file)) {
    output.note(formatFinding("warning", finding));
  }
  // Only warn, because an existing provider may already have such a value. For other providers, the plan rejects it.
  for (const problem of findDesiredValueProblems(file.value)) {
    const place = file.locate(problem);
    if (place !== undefined) {
      const { file: name, line, column, message } = place;
      output.note(`warning: ${printable(`${displayPath(name)}:${line}:${column}: ${message}`)}`);
    }
  }
}
