import { Command } from "commander";
import type { CommandContext } from "./command-context.js";
import { createActivationCommand } from "./commands/activate.js";
import { createAddCommand } from "./commands/add.js";
import { createApplyCommand } from "./commands/apply.js";
import { createCompletionCommand } from "./commands/completion.js";
import { createDeleteCommand } from "./commands/delete.js";
import { createDiffCommand } from "./commands/diff.js";
import { createDoctorCommand } from "./commands/doctor.js";
import { createEmulatorCommand } from "./commands/emulator.js";
import { createExpiryCommand } from "./commands/expiry.js";
import { createExportCommand } from "./commands/export.js";
import { createGetCommand } from "./commands/get.js";
import { createListCommand } from "./commands/list.js";
import { createMigrateCommand } from "./commands/migrate.js";
import { createPlanCommand } from "./commands/plan.js";
import { createSchemaCommand } from "./commands/schema.js";
import { createUnlockCommand } from "./commands/unlock.js";
import { createUpdateCommand } from "./commands/update.js";
import { createValidateCommand } from "./commands/validate.js";
import { createWhoamiCommand } from "./commands/whoami.js";
import { rejectEmptyValues } from "./reject-empty-values.js";

/** Creates the program with all of its commands. It throws errors without printing them, so that the caller can format them. */
export function createProgram(context: CommandContext, version: string): Command {
  const program = new Command("zitadel-idp")
    .description("Manage the identity providers of a ZITADEL instance or organization.")
    .version(version)
    .addHelpText(
      "after",
      `
Connection:
  Each command that connects needs a URL and credentials, from flags, environment variables or a profile:
    ZITADEL_URL                                URL of the ZITADEL instance
    ZITADEL_TOKEN                              personal access token,
    ZITADEL_KEY                                or the JSON key of a service user,
    ZITADEL_KEY_FILE                           or the path of a file with such a key,
    ZITADEL_CLIENT_ID, ZITADEL_CLIENT_SECRET   or the login name of a service user and its client secret
  Flags override environment variables, and those override the profile of ZITADEL_PROFILE. A profile that --profile
  names overrides environment variables.

Exit status:
  0    success, or nothing to do
  1    failure or wrong usage; whoami: something is missing for plan and apply; validate, doctor: something is broken
  2    plan found changes to make, diff found a difference, expiry found something that expires, validate --strict
       found a risk, or doctor --strict found a risk or something that expires
  3    another run of apply holds the lock of the state file, or doctor or expiry could not read something
  130  interrupted by Ctrl+C (143: by SIGTERM)

Secrets:
  Secrets are read from environment variables or files, never from arguments, and are never printed.`,
    );
  const commands = [
    createWhoamiCommand(context),
    createListCommand(context),
    createGetCommand(context),
    createAddCommand(context),
    createUpdateCommand(context),
    createActivationCommand(context, "activate"),
    createActivationCommand(context, "deactivate"),
    createDeleteCommand(context),
    createMigrateCommand(context),
    createExportCommand(context),
    createValidateCommand(context),
    createPlanCommand(context),
    createApplyCommand(context),
    createUnlockCommand(context),
    createDiffCommand(context),
    createDoctorCommand(context),
    createExpiryCommand(context),
    createSchemaCommand(context),
    createCompletionCommand(context, () => program),
    createEmulatorCommand(context),
  ];
  const output = {
    writeOut: (text: string) => void context.stdout.write(text),
    writeErr: (text: string) => void context.stderr.write(text),
    // The caller prints errors, as JSON with --json.
    outputError: () => undefined,
  };
  program.hook("preAction", rejectEmptyValues);
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput(output);
  }
  commands.forEach((command) => program.addCommand(command));
  return program;
}
