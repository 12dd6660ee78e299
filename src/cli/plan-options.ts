import type { Command } from "commander";
import { type DesiredState, ownersOf } from "../providers/plan/desired.js";
import type { PlanOptions, Progress } from "../providers/index.js";
import { ownerText } from "../providers/plan/format.js";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { secretFields } from "./fields.js";
import type { OperatorOptions } from "./operator-command.js";
import type { Output } from "./output.js";
import { collect } from "./settings.js";
import { stateFile } from "./state-file.js";

/** The options that `plan` and `apply` share. */
export interface PlanFileOptions extends OperatorOptions {
  readonly rotate: readonly string[];
  /** A file; false for none. */
  readonly state?: string | false;
}

export function addPlanOptions(command: Command): Command {
  return command
    .option(
      "--rotate <id-or-name>",
      "send the secrets of this provider again; again for several",
      collect,
      [],
    )
    .option("--state <file>", "the state file; default: FILE.state.json beside the file")
    .option("--no-state", "without a state file");
}

const leastKeyLength = 16;

/** What `plan` and `apply` of the library take. */
export function planOptions(
  { env, signal }: Context,
  file: string,
  desired: DesiredState,
  { rotate, state }: PlanFileOptions,
  output: Output,
): PlanOptions {
  const key = env["ZITADEL_IDP_STATE_KEY"] || undefined;
  if (key !== undefined && key.length < leastKeyLength) {
    throw new UsageError(`ZITADEL_IDP_STATE_KEY must have at least ${leastKeyLength} characters`);
  }
  // `--state` alone leaves the default of `--no-state`, which is true.
  const path = typeof state === "string" ? state : `${file}.state.json`;
  const isKept = state !== false && (typeof state === "string" || file !== "-");
  if ((key === undefined || !isKept) && hasSecrets(desired)) {
    output.note(
      `note: ${isKept ? "without ZITADEL_IDP_STATE_KEY" : "without a state file"} nobody can tell whether secrets have changed: they are sent for new providers only, and with --rotate`,
    );
  }
  return {
    signal,
    rotate,
    ...(isKept && { state: { store: stateFile(path), key } }),
    onProgress: ({ phase, owner, done, total }: Progress) =>
      output.progress(`${phases[phase]} ${ownerText(owner)} (${done}/${total})`),
  };
}

const phases = { plan: "read", check: "checked", apply: "applying to" } as const;

function hasSecrets(desired: DesiredState): boolean {
  return ownersOf(desired).some((owner) =>
    owner.desired.providers.some((each) =>
      Object.keys(each).some((name) => secretFields.has(name)),
    ),
  );
}
