import type { DesiredState } from "../providers/index.js";
import type { CommandContext } from "./command-context.js";
import type { ConnectionConfig } from "./connection/connection-config.js";
import { findConnection } from "./connection/find-connection.js";
import { readDesiredState } from "./documents/provider-file.js";
import type { PlanFileOptions } from "./options/plan-file-options.js";
import { createOutput, type Output } from "./output.js";

/** The input of `plan` and `apply`. */
export interface PlanInput {
  readonly output: Output;
  readonly connection: ConnectionConfig;
  readonly desired: DesiredState;
  /** Converts an error about the desired state into one about the file. Returns any other error unchanged. */
  locateError(error: unknown): unknown;
}

/** Reads the connection and the provider file of `plan` and `apply`. */
export async function readPlanInput(
  context: CommandContext,
  file: string,
  options: PlanFileOptions,
): Promise<PlanInput> {
  const output = createOutput(context, options);
  const connection = findConnection(context, options);
  const allowEnv = [...options.allowEnv, ...connection.allowEnv];
  const { value: desired, locateError } = await readDesiredState(context, file, allowEnv);
  return { output, connection, desired, locateError };
}
