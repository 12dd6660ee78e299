import type { Command } from "commander";
import { type DesiredState, ownersOf } from "../providers/plan/desired.js";
import type { PlanOptions, Progress } from "../providers/index.js";
import { ownerText } from "../providers/plan/format.js";
import { addAllowEnvOption, type AllowEnvOptions } from "./allow-env.js";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { secretFields } from "./fields.js";
import { isFileContent } from "./secret-looking.js";
import type { OperatorOptions } from "./operator-command.js";
import type { Output } from "./output.js";
import { collect } from "./settings.js";
import { stateFile } from "./state-file.js";

/** The options that `plan` and `apply` share. */
export interface PlanFileOptions extends OperatorOptions, AllowEnvOptions {
  readonly rotate: readonly string[];
  /** A file; false for none. */
  readonly state?: string | false;
}

export function addPlanOptions(command: Command): Command {
  return addAllowEnvOption(command)
    .option(
      "--rotate <id-or-name>",
      "send the secrets of this provider again; again for several",
      collect,
      [],
    )
    .option("--state <file>", "the state file; default: FILE.state.json beside the file")
    .option("--no-state", "without a state file")
    .addHelpText(
      "after",
      `
The file:
  organization:                 # of the connection; also instance, and organizations by their id
    providers:
      - type: google
        name: Google
        clientId: id            # may hold \${VARIABLE} that --allow-env names; $\${ stands for \${ itself
        clientSecret: \${SECRET} # or { file: path }; a literal secret is refused
        active: true            # on the login page; left out, it stays as it is
      - { absent: true, type: oidc, name: Old }
    prune: true                 # deletes what an earlier apply made and is not listed any more
    createLoginPolicy: true     # if the organization has none of its own

Secrets of providers that are there are sent again if they have changed. That is known by the state file, if
ZITADEL_IDP_STATE_KEY has a key for it: at least ${leastKeyLength} characters, the same for each run.`,
    );
}

const leastKeyLength = 16;

/** Returns the path of the state file, or undefined for a run without one. */
export function statePath(
  file: string,
  { state }: Pick<PlanFileOptions, "state">,
): string | undefined {
  if (typeof state === "string" && isFileContent(state)) {
    throw new UsageError("--state holds the content of a file, not its path: give a path");
  }
  // `--state` alone leaves the default of `--no-state`, which is true.
  return typeof state === "string"
    ? state
    : state === false || file === "-"
      ? undefined
      : `${file}.state.json`;
}

/** Returns the options that `plan` and `apply` of the library take. */
export function planOptions(
  { env, signal }: Context,
  file: string,
  desired: DesiredState,
  options: PlanFileOptions,
  output: Output,
): PlanOptions {
  const key = env["ZITADEL_IDP_STATE_KEY"];
  if (key === "") {
    throw new UsageError("ZITADEL_IDP_STATE_KEY is set but empty: give it a value, or unset it");
  }
  if (key !== undefined && key.length < leastKeyLength) {
    throw new UsageError(`ZITADEL_IDP_STATE_KEY must have at least ${leastKeyLength} characters`);
  }
  const path = statePath(file, options);
  const isKept = path !== undefined;
  if ((key === undefined || !isKept) && hasSecrets(desired)) {
    output.note(
      `note: ${isKept ? "without ZITADEL_IDP_STATE_KEY" : "without a state file"} nobody can tell whether secrets have changed: they are sent for new providers only, and with --rotate`,
    );
  }
  if (!isKept && ownersOf(desired).some((owner) => owner.desired.prune === true)) {
    output.note(
      "note: prune does nothing without a state file, which tells what an earlier apply made",
    );
  }
  return {
    signal,
    rotate: options.rotate,
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
