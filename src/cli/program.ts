import { Command } from "commander";
import { addCommand } from "./commands/add.js";
import { applyCommand } from "./commands/apply.js";
import { completionCommand } from "./commands/completion.js";
import { deleteCommand } from "./commands/delete.js";
import { diffCommand } from "./commands/diff.js";
import { exportCommand } from "./commands/export.js";
import { getCommand } from "./commands/get.js";
import { listCommand } from "./commands/list.js";
import { migrateCommand } from "./commands/migrate.js";
import { planCommand } from "./commands/plan.js";
import { schemaCommand } from "./commands/schema.js";
import { switchCommand } from "./commands/activate.js";
import { unlockCommand } from "./commands/unlock.js";
import { updateCommand } from "./commands/update.js";
import type { Context } from "./command-context.js";
import { emulatorCommand } from "./commands/emulator.js";
import { rejectEmpty } from "./reject-empty-values.js";

/** Creates the program with all of its commands. Errors are thrown and not printed, so that the caller can format them. */
export function createProgram(context: Context, version: string): Command {
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
  1    failure, or wrong usage
  2    plan found changes to make, or diff found a difference
  3    another run of apply holds the lock of the state file
  130  interrupted by Ctrl+C (143: by SIGTERM)

Secrets:
  Secrets are read from environment variables or files, never from arguments, and are never printed.`,
    );
  const commands = [
    listCommand(context),
    getCommand(context),
    addCommand(context),
    updateCommand(context),
    switchCommand(context, "activate"),
    switchCommand(context, "deactivate"),
    deleteCommand(context),
    migrateCommand(context),
    exportCommand(context),
    planCommand(context),
    applyCommand(context),
    unlockCommand(context),
    diffCommand(context),
    schemaCommand(context),
    completionCommand(context, () => program),
    emulatorCommand(),
  ];
  const output = {
    writeOut: (text: string) => void context.stdout.write(text),
    writeErr: (text: string) => void context.stderr.write(text),
    // The caller prints errors, as JSON if the user wants that.
    outputError: () => undefined,
  };
  program.hook("preAction", rejectEmpty);
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput(output);
  }
  commands.forEach((command) => program.addCommand(command));
  return program;
}
