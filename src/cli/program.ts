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
import { switchCommand } from "./commands/switch.js";
import { unlockCommand } from "./commands/unlock.js";
import { updateCommand } from "./commands/update.js";
import type { Context } from "./context.js";
import { emulatorCommand } from "./emulator.js";
import { rejectEmpty } from "./reject-empty.js";

/** All commands. What goes wrong with them is thrown, not printed. */
export function createProgram(context: Context, version: string): Command {
  const program = new Command("zitadel-idp")
    .description("The identity-provider APIs of ZITADEL, from the command line.")
    .version(version)
    .addHelpText(
      "after",
      `
Connection: flags go before the environment, and that before a profile; a profile that --profile names goes
before the environment. The environment has
  ZITADEL_URL                                the address of the ZITADEL instance
  ZITADEL_TOKEN                              a personal access token,
  ZITADEL_KEY                                or the key of a service user itself, in JSON,
  ZITADEL_KEY_FILE                           or the path of the file with that key,
  ZITADEL_CLIENT_ID, ZITADEL_CLIENT_SECRET   or the login name of a service user and its secret

Exit status:
  0    done, or nothing to do
  1    failed, or wrong usage
  2    plan has something to do; diff found a difference
  3    another run of apply holds the lock of the state file
  130  interrupted by Ctrl+C; 143 by SIGTERM

Secrets come from the environment or from files, never from arguments, and are never printed.`,
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
    // The caller tells errors, in JSON where that is wanted.
    outputError: () => undefined,
  };
  program.hook("preAction", rejectEmpty);
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput(output);
  }
  commands.forEach((command) => program.addCommand(command));
  return program;
}
