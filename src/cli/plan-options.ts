import { type Command, Option } from "commander";
import type { PlanOptions, Progress } from "../providers/index.js";
import { type DesiredState, toDesiredOwners } from "../providers/plan/desired/desired-state.js";
import { describeOwner } from "../providers/plan/labels.js";
import { addAllowEnvOption, type AllowEnvOptions } from "./allow-env.js";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { secretFields } from "./fields.js";
import type { OperatorOptions } from "./operator-command.js";
import type { Output } from "./output.js";
import { isFileContent } from "./secret-looking.js";
import { collect } from "./settings.js";
import { stateFile } from "./state-file.js";

/** The options that `plan` and `apply` share. */
export interface PlanFileOptions extends OperatorOptions, AllowEnvOptions {
  readonly rotate: readonly string[];
  /** The path of the state file, or false to keep no state. */
  readonly state?: string | false;
}

export function addPlanOptions(command: Command): Command {
  return addAllowEnvOption(command)
    .addOption(
      new Option(
        "--rotate <id-or-name>",
        "send the secrets of this provider again; repeat for several",
      )
        .default([], "none")
        .argParser(collect),
    )
    .option("--state <file>", "state file; default: FILE.state.json next to the provider file")
    .option("--no-state", "use no state file")
    .addHelpText(
      "after",
      `
The file:
  organization:                 # the organization of the connection; or instance; or organizations, by id
    providers:
      - type: google
        name: Google
        clientId: id            # \${VARIABLE} works here if --allow-env names it; write $\${ for a literal \${
        clientSecret: \${SECRET} # or { file: path }; a literal secret is rejected
        active: true            # show on the login page; without this line, active stays unchanged
      - { absent: true, type: oidc, name: Old } # delete this provider
    prune: true                 # delete providers that an earlier apply created and that are no longer listed
    createLoginPolicy: true     # create a login policy if the organization has none of its own

Secrets:
  ZITADEL does not return secrets, so apply keeps a fingerprint of each one in the state file and sends a secret again
  when it has changed. This needs a key in ZITADEL_IDP_STATE_KEY: at least ${leastKeyLength} characters, the same for each run.
  Without it, secrets are sent only for new providers and for those that --rotate names.`,
    );
}

const leastKeyLength = 16;

/** Returns the path of the state file, or undefined for a run without state. */
export function statePath(
  file: string,
  { state }: Pick<PlanFileOptions, "state">,
): string | undefined {
  if (typeof state === "string" && isFileContent(state)) {
    throw new UsageError("--state holds the content of a file, not its path: pass the path");
  }
  // Without either option, `state` has the default that commander gives to `--no-state`: true.
  return typeof state === "string"
    ? state
    : state === false || file === "-"
      ? undefined
      : `${file}.state.json`;
}

/** Returns the options for `plan` and `apply` of the library. Notes on the output if the run cannot compare secrets or prune. */
export function planOptions(
  { env, signal }: Context,
  file: string,
  desired: DesiredState,
  options: PlanFileOptions,
  output: Output,
): PlanOptions {
  const key = env["ZITADEL_IDP_STATE_KEY"];
  if (key === "") {
    throw new UsageError("ZITADEL_IDP_STATE_KEY is set but empty: set a key, or unset it");
  }
  if (key !== undefined && key.length < leastKeyLength) {
    throw new UsageError(`ZITADEL_IDP_STATE_KEY must have at least ${leastKeyLength} characters`);
  }
  const path = statePath(file, options);
  const isKept = path !== undefined;
  if ((key === undefined || !isKept) && hasSecrets(desired)) {
    output.note(
      `note: changed secrets are not detected without ${isKept ? "ZITADEL_IDP_STATE_KEY" : "a state file"}. Secrets are sent only for new providers and with --rotate.`,
    );
  }
  if (!isKept && toDesiredOwners(desired).some((owner) => owner.desired.prune === true)) {
    output.note(
      "note: prune has no effect without a state file, which lists the providers that apply created.",
    );
  }
  return {
    signal,
    rotate: options.rotate,
    ...(isKept && { state: { store: stateFile(path), key } }),
    onProgress: ({ phase, owner, done, total }: Progress) =>
      output.progress(`${phases[phase]} ${describeOwner(owner)} (${done}/${total})`),
  };
}

const phases = { plan: "read", check: "checked", apply: "applying to" } as const;

function hasSecrets(desired: DesiredState): boolean {
  return toDesiredOwners(desired).some((owner) =>
    owner.desired.providers.some((each) =>
      Object.keys(each).some((name) => secretFields.has(name)),
    ),
  );
}
