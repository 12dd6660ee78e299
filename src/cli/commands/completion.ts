import { Argument, Command } from "commander";
import { scripts } from "../completion/completion-scripts.js";
import { describeCommands } from "../completion/describe-commands.js";
import type { CommandContext } from "../command-context.js";
import { formatExamples } from "../shared-options.js";

/** Creates `zitadel-idp completion`, which prints a completion script for a shell. */
export function createCompletionCommand(context: CommandContext, program: () => Command): Command {
  return new Command("completion")
    .description("Print a shell script that completes commands and options.")
    .addArgument(new Argument("<shell>", "shell to complete in").choices(Object.keys(scripts)))
    .addHelpText(
      "after",
      formatExamples([
        "completion bash > /etc/bash_completion.d/zitadel-idp",
        "completion zsh > ~/.zfunc/_zitadel-idp",
        "completion fish > ~/.config/fish/completions/zitadel-idp.fish",
      ]),
    )
    .action((shell: keyof typeof scripts) => {
      context.stdout.write(scripts[shell](describeCommands(program())));
    });
}
