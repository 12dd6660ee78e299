import { Argument, Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { completionScripts } from "../completion/completion-scripts.js";
import { describeCommands } from "../completion/describe-commands.js";
import { formatExamples } from "../create-command.js";

/** Creates `zitadel-idp completion`, which prints a completion script for a shell. */
export function createCompletionCommand(context: CommandContext, program: () => Command): Command {
  return new Command("completion")
    .description("Print a shell script that completes commands and options.")
    .addArgument(
      new Argument("<shell>", "shell to complete in").choices(Object.keys(completionScripts)),
    )
    .addHelpText(
      "after",
      formatExamples([
        "completion bash > /etc/bash_completion.d/zitadel-idp",
        "completion zsh > ~/.zfunc/_zitadel-idp",
        "completion fish > ~/.config/fish/completions/zitadel-idp.fish",
      ]),
    )
    .action((shell: keyof typeof completionScripts) => {
      context.stdout.write(completionScripts[shell](describeCommands(program())));
    });
}
