import { type Command, Option } from "commander";
import { minStateKeyLength } from "../../providers/plan/state/fingerprints.js";
import { checkIsPath } from "../files/check-is-path.js";
import type { SharedOptions } from "../shared-options.js";
import { addAllowEnvOption, type AllowEnvOptions } from "./allow-env-option.js";
import { collectValues } from "./collect-values.js";

/** The options that `plan` and `apply` share. */
export interface PlanFileOptions extends SharedOptions, AllowEnvOptions {
  readonly rotate: readonly string[];
  readonly refresh?: boolean;
  /** The path of the state file, or false to keep no state. */
  readonly state?: string | false;
}

/** Adds the options that `plan` and `apply` share to a command. */
export function addPlanFileOptions(command: Command): Command {
  return addAllowEnvOption(command)
    .addOption(
      new Option(
        "--rotate <id-or-name>",
        "send the secrets of this provider again; repeat for several",
      )
        .default([], "none")
        .argParser(collectValues),
    )
    .option(
      "--refresh",
      "load the metadataUrl of each SAML provider, and update the provider if it serves other metadata than ZITADEL has",
    )
    .option("--state <file>", "state file; default: FILE.state.json next to the provider file")
    .option("--no-state", "do not read or write a state file")
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
        clientSecretExpires: 2027-03-01 # plan warns from 30 days before; not sent to ZITADEL
        active: true            # show on the login page; without this line, active stays unchanged
      - { absent: true, type: oidc, name: Old } # delete this provider
    prune: true                 # delete providers that an earlier apply created and that are no longer listed
    createLoginPolicy: true     # create a login policy if the organization has none of its own

Secrets:
  ZITADEL does not return secrets, so apply keeps a fingerprint of each one in the state file and sends a secret again
  when it has changed. This needs a key in ZITADEL_IDP_STATE_KEY: at least ${minStateKeyLength} characters, the same for each run.
  Without it, secrets are sent only for new providers and for those that --rotate names.`,
    );
}

/** Returns the path of the state file, or undefined for a run without state. */
export function resolveStatePath(
  file: string,
  { state }: Pick<PlanFileOptions, "state">,
): string | undefined {
  if (typeof state === "string") {
    checkIsPath(state, "--state");
    return state;
  }
  // Without `--state` and `--no-state`, commander sets `state` to true.
  return state === false || file === "-" ? undefined : `${file}.state.json`;
}
